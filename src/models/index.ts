import { named } from "../options.ts";
import { bitMlpModel } from "./bit-mlp.ts";
import { factored } from "./factored.ts";
import type { ModelDefinition } from "./model.ts";
import { transformer } from "./transformer.ts";

export const models: readonly ModelDefinition[] = [factored, bitMlpModel, transformer];
export const findModel = (name: string): ModelDefinition => named(models, name, "model");
export {
  untapped,
  type Batch,
  type DropoutSource,
  type ModelDefinition,
  type SequenceBatch,
  type Tap,
  type TaskShape,
} from "./model.ts";
