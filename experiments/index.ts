import type { DeclaredExperiment, DeclaredSweep } from "../src/verdict/declared.ts";
import { agreementSmall } from "./agreement-small.ts";
import { architectureSweep } from "./architecture-sweep.ts";
import { depthSweep } from "./depth-sweep.ts";
import { dyckSmall } from "./dyck-small.ts";
import { dyck } from "./dyck.ts";
import { earlyStopping } from "./early-stopping.ts";
import { fiveNeurons } from "./five-neurons.ts";
import { generalizeMemorizeGeneralize } from "./generalize-memorize-generalize.ts";
import { modularAdditionSeeds } from "./modular-addition-seeds.ts";
import { modularAddition } from "./modular-addition.ts";
import { questionFormationDeep } from "./question-formation-deep.ts";
import { questionFormationDisambiguated } from "./question-formation-disambiguated.ts";
import { questionFormationLinear } from "./question-formation-linear.ts";
import { questionFormationQuestionsOnly } from "./question-formation-questions-only.ts";
import { questionFormationRightBranching } from "./question-formation-right-branching.ts";
import { questionFormationSmall } from "./question-formation-small.ts";
import { questionFormation } from "./question-formation.ts";
import { quick } from "./quick.ts";
import { reverseGrokking } from "./reverse-grokking.ts";
import { sparseParityL2 } from "./sparse-parity-l2.ts";
import { sparseParitySweep } from "./sparse-parity-sweep.ts";
import { sparseParity } from "./sparse-parity.ts";
import { tenseInflectionSmall } from "./tense-inflection-small.ts";
import { tenseInflection } from "./tense-inflection.ts";
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
  dyckSmall,
  agreementSmall,
  questionFormationDisambiguated,
  questionFormationLinear,
  tenseInflectionSmall,
  questionFormationSmall,
  questionFormationRightBranching,
  questionFormationQuestionsOnly,
  questionFormationDeep,
  tenseInflection,
  questionFormation,
  dyck,
];

/** Every declared sweep, the shortest first. */
export const sweeps: readonly DeclaredSweep[] = [
  trainFraction,
  weightDecay,
  sparseParitySweep,
  earlyStopping,
  modularAdditionSeeds,
  architectureSweep,
  depthSweep,
];
