import type { DeclaredExperiment, DeclaredSweep } from "../src/verdict/declared.ts";
import { architectureSweep } from "./architecture-sweep.ts";
import { fiveNeurons } from "./five-neurons.ts";
import { generalizeMemorizeGeneralize } from "./generalize-memorize-generalize.ts";
import { modularAddition } from "./modular-addition.ts";
import { modularAdditionSeeds } from "./modular-addition-seeds.ts";
import { quick } from "./quick.ts";
import { reverseGrokking } from "./reverse-grokking.ts";
import { sparseParity } from "./sparse-parity.ts";
import { sparseParityL2 } from "./sparse-parity-l2.ts";
import { sparseParitySweep } from "./sparse-parity-sweep.ts";
import { trainFraction } from "./train-fraction.ts";
import { weightDecay } from "./weight-decay.ts";

/** Every declared experiment, the shortest first. */
export const experiments: readonly DeclaredExperiment[] = [
  quick,
  sparseParity,
  sparseParityL2,
  fiveNeurons,
  reverseGrokking,
  modularAddition,
  generalizeMemorizeGeneralize,
];

/** Every declared sweep, the shortest first. */
export const sweeps: readonly DeclaredSweep[] = [
  trainFraction,
  weightDecay,
  sparseParitySweep,
  modularAdditionSeeds,
  architectureSweep,
];
