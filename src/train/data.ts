import type { Batch } from "../models/index.ts";
import type { Task } from "../tasks/index.ts";
import { bitRows, dispose, disposeBits, indices, type Indices } from "../tensor/index.ts";

/** Examples in the engine's memory, with their labels. */
export interface LabelledBatch {
  readonly batch: Batch;
  readonly labels: Indices;
}

/** Rows that are evaluated at once, so that memory stays bounded however large the table is. */
export const rowsAtOnce = (numClasses: number): number => Math.max(1, Math.floor(2 ** 22 / numClasses));

/** The chosen examples of a task, in the order given. */
export function loadBatch(task: Task, chosen: Int32Array): LabelledBatch {
  const n = chosen.length;
  const labels = indices(Int32Array.from(chosen, (example) => task.labels[example]));
  const { inputs } = task;
  if (inputs.kind === "tokens") {
    const { seqLen } = inputs;
    const tokens = new Int32Array(n * seqLen);
    chosen.forEach((example, i) =>
      tokens.set(inputs.tokens.subarray(example * seqLen, (example + 1) * seqLen), i * seqLen),
    );
    return { batch: { kind: "tokens", n, seqLen, tokens: indices(tokens) }, labels };
  }
  if (inputs.kind === "sequences") throw new Error("sequences are packed by ./sequence-batch.ts");
  const { width, low, high } = inputs;
  const bits = new Uint8Array(n * width);
  chosen.forEach((example, i) => bits.set(inputs.bits.subarray(example * width, (example + 1) * width), i * width));
  return { batch: { kind: "bits", n, width, bits: bitRows(bits, n, width, { low, high }) }, labels };
}

/** The same in pieces of at most `rows` examples. */
export function loadBatches(task: Task, chosen: Int32Array, rows: number): LabelledBatch[] {
  const pieces: LabelledBatch[] = [];
  for (let at = 0; at < chosen.length; at += rows) pieces.push(loadBatch(task, chosen.subarray(at, at + rows)));
  return pieces;
}

export function disposeBatch({ batch, labels }: LabelledBatch): void {
  dispose(labels);
  if (batch.kind === "tokens") dispose(batch.tokens);
  else if (batch.kind === "bits") disposeBits(batch.bits);
}
