import { bool, choice, float, int, UsageError, type Values } from "../options.ts";
import type { SequenceInputs } from "../tasks/index.ts";
import type { TaskShape } from "./model.ts";

export const transformerFields = {
  dModel: int(512, "width of the residual stream", { min: 1, max: 8192 }),
  nLayers: int(6, "layers", { min: 1, max: 64 }),
  nHeads: int(8, "attention heads, which share the width", { min: 1, max: 256 }),
  mlpRatio: float(4, "width of the feed-forward layers as a multiple of dModel", {
    min: 0,
    max: 64,
    exclusiveMin: true,
  }),
  norm: choice(
    ["post", "pre"],
    "post",
    "where layer norm stands: post, behind each sum, as published; pre, before each part, and once more at the end",
  ),
  positions: choice(
    ["sinusoid", "learned", "none"],
    "sinusoid",
    "how a row knows its place: sinusoid, as published; learned: a table of weights; none: by the causal mask alone",
  ),
  nCtx: int(0, "rows of a learned position table; 0: what the task's longest sequence needs", { min: 0, max: 65536 }),
  embedScale: choice(
    ["root-width", "one"],
    "root-width",
    "what embeddings are multiplied by: √dModel, as published, or 1",
  ),
  tied: bool(false, "the output uses the embedding, transposed, instead of a matrix of its own"),
  dropout: float(0.1, "share of activations and attention weights that an update leaves out", { min: 0, max: 0.9 }),
};
export type TransformerOptions = Values<typeof transformerFields>;

/** Width of the feed-forward layers. */
export const mlpWidth = ({ dModel, mlpRatio }: TransformerOptions): number => Math.round(dModel * mlpRatio);

/** Rows of the learned position table: SOS and every token. */
export const positionRows = ({ nCtx }: TransformerOptions, { maxLength }: SequenceInputs): number =>
  nCtx > 0 ? nCtx : maxLength + 1;

/** @throws UsageError where the task has no sequences */
export function sequencesFor(task: TaskShape): SequenceInputs {
  if (task.inputs.kind === "sequences") return task.inputs;
  throw new UsageError("model transformer: needs a task of sequences; for tokens use factored, for bits bit-mlp");
}

/** @throws UsageError where options do not fit each other or the task */
export function checkTransformer(task: TaskShape, options: TransformerOptions): void {
  const inputs = sequencesFor(task);
  const { dModel, nHeads, nCtx, positions } = options;
  if (dModel % nHeads !== 0)
    throw new UsageError(`model.nHeads: ${nHeads} heads cannot share a dModel of ${dModel}; give a divisor of it`);
  if (mlpWidth(options) < 1) throw new UsageError("model.mlpRatio: leaves no feed-forward layer; give more");
  if (positions !== "learned" && nCtx > 0)
    throw new UsageError(`model.nCtx: ${positions} positions have no table; give 0, or positions=learned`);
  if (positions === "learned" && nCtx > 0 && nCtx < inputs.maxLength + 1)
    throw new UsageError(
      `model.nCtx: the task's longest sequence takes ${inputs.maxLength + 1} positions with SOS, the table has ${nCtx}`,
    );
}
