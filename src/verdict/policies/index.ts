import type { PolicyDefinition } from "../policy.ts";
import { accuracy } from "./accuracy.ts";
import { crossing } from "./crossing.ts";
import { liu } from "./liu.ts";
import { muon } from "./muon.ts";
import { pair } from "./pair.ts";
import { plateau } from "./plateau.ts";
import { playground } from "./playground.ts";
import { power } from "./power.ts";

/** Every policy, the default first. */
export const policies: readonly PolicyDefinition[] = [accuracy, pair, liu, power, muon, plateau, playground, crossing];
