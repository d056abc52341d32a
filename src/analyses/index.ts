import { activeFrequencies } from "./active-frequencies.ts";
import type { Analysis } from "./analysis.ts";
import { circuit } from "./circuit.ts";
import { constructed } from "./constructed.ts";
import { harmonics } from "./harmonics.ts";
import { interference } from "./interference.ts";
import { logitFit } from "./logit-fit.ts";
import { parity } from "./parity.ts";
import { progress } from "./progress.ts";
import { rebuilt } from "./rebuild.ts";
import { spectrum } from "./spectrum.ts";
import { weightTrajectories } from "./weight-trajectories.ts";

/** Every analysis, in the order in which lists show them. */
export const analyses: readonly Analysis[] = [
  spectrum,
  circuit,
  activeFrequencies,
  logitFit,
  interference,
  harmonics,
  rebuilt,
  progress,
  parity,
  weightTrajectories,
  constructed,
];
