import { named } from "../options.ts";
import { agreement } from "./agreement.ts";
import { dataset } from "./dataset.ts";
import { dyck } from "./dyck.ts";
import { modularAddition } from "./modular-addition.ts";
import { modularDivision } from "./modular-division.ts";
import { modularMultiplication } from "./modular-multiplication.ts";
import { modularSubtraction } from "./modular-subtraction.ts";
import { operationTable } from "./operation-table.ts";
import { quadraticForm } from "./quadratic-form.ts";
import { questionFormation } from "./question-formation.ts";
import { sparseParity } from "./sparse-parity.ts";
import { sumOfSquares } from "./sum-of-squares.ts";
import { tenseInflection } from "./tense-inflection.ts";
import type { TaskDefinition } from "./task.ts";

export { readDataset } from "./dataset.ts";
export { readOperationTable } from "./operation-table.ts";
export {
  countOf,
  sequenceAt,
  sequenceInputs,
  sequencesOf,
  type DecodeProbes,
  type NextTokenProbes,
  type Probes,
  type ScoredSet,
  type SequenceInputs,
  type Sequences,
} from "./sequences.ts";
export { splitFields, splitTask, type Split, type SplitOptions } from "./split.ts";
export { defineTask, type Inputs, type Task, type TaskDefinition } from "./task.ts";

/** Every task, in the order in which lists show them. */
export const tasks: readonly TaskDefinition[] = [
  modularAddition,
  modularSubtraction,
  modularMultiplication,
  modularDivision,
  sumOfSquares,
  quadraticForm,
  operationTable,
  dataset,
  sparseParity,
  questionFormation,
  tenseInflection,
  agreement,
  dyck,
];

/** The task with this name. @throws UsageError with the nearest name */
export const findTask = (name: string): TaskDefinition => named(tasks, name, "task");
