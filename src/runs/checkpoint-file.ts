import { createHash } from "node:crypto";
import type { NamedArrays } from "../tensor/index.ts";
import { decodeSafetensors, encodeSafetensors } from "../tensor/formats/safetensors.ts";
import { FormatError } from "../tensor/formats/format-error.ts";
import type { Checkpoint } from "../train/checkpoint.ts";
import type { Eval } from "../train/eval.ts";
import type { Plan } from "../train/experiment.ts";
import { evalsToRows, measureNames, rowsToEvals, seriesColumns } from "./series.ts";

/**
 * A checkpoint as a safetensors file: `params/…` and `state/…`, and `evals`, `[n, 7]` float64, the curves up to here;
 * further measures as `measures/…`, `[m, 2]`, the row of `evals` and the value.
 * Together with the plan in its metadata one such file is enough to go on, should the database be lost.
 */
export interface CheckpointFile {
  readonly run: string;
  readonly plan: Plan;
  readonly software: string;
  readonly createdAt: string;
  readonly checkpoint: Checkpoint;
  readonly evals: readonly Eval[];
}

const format = "groklab checkpoint 1";
const noHash = "0".repeat(64);

export function encodeCheckpoint({ run, plan, software, createdAt, checkpoint, evals }: CheckpointFile): Uint8Array {
  const { step, params, state } = checkpoint;
  const arrays: NamedArrays = {
    ...prefixed("params/", params),
    ...prefixed("state/", state),
    evals: { shape: [evals.length, seriesColumns.length], data: evalsToRows(evals) },
    ...prefixed("measures/", measuresOf(evals)),
  };
  const text = { format, run, step: String(step), plan: JSON.stringify(plan), software, createdAt, sha256: noHash };
  const bytes = encodeSafetensors(arrays, text);
  const at = hashAt(bytes, noHash);
  bytes.set(new TextEncoder().encode(hashOf(bytes, at)), at);
  return bytes;
}

const prefixed = (prefix: string, arrays: NamedArrays): NamedArrays =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [prefix + name, array]));
const without = (prefix: string, arrays: NamedArrays): NamedArrays =>
  Object.fromEntries(
    Object.entries(arrays)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, array]) => [name.slice(prefix.length), array]),
  );

function measuresOf(evals: readonly Eval[]): NamedArrays {
  const columns = measureNames(evals).map((name) => {
    const found = evals.flatMap(({ measures }, i) => {
      const value = measures?.[name];
      return value === undefined ? [] : [i, value];
    });
    return [name, { shape: [found.length / 2, 2], data: Float64Array.from(found) }] as const;
  });
  return Object.fromEntries(columns);
}

function withMeasures(evals: readonly Eval[], columns: NamedArrays): readonly Eval[] {
  const found = evals.map((): Record<string, number> => ({}));
  for (const [name, { data }] of Object.entries(columns))
    for (let i = 0; i < data.length; i += 2) found[data[i]][name] = data[i + 1];
  return evals.map((e, i) => (Object.keys(found[i]).length === 0 ? e : { ...e, measures: found[i] }));
}

/** SHA-256 over the whole file, header included, with zeros in the place of the hash itself. Large files are not copied. */
function hashOf(bytes: Uint8Array, at: number): string {
  const rest = bytes.subarray(at + noHash.length);
  return createHash("sha256").update(bytes.subarray(0, at)).update(noHash).update(rest).digest("hex");
}

/** Where the hash stands in the file. */
function hashAt(bytes: Uint8Array, hash: string): number {
  const key = '"sha256":"';
  const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(`${key}${hash}"`);
  return found + key.length;
}

/** @throws FormatError when any bit is not as it was written */
export function decodeCheckpoint(bytes: Uint8Array): CheckpointFile {
  const { arrays, metadata } = decodeSafetensors(bytes);
  const { run, plan, software, createdAt, sha256 } = metadata;
  const step = Number(metadata["step"]);
  if (metadata["format"] !== format) throw new FormatError(`not a checkpoint of groklab ("${format}")`);
  if (sha256?.length !== 64 || hashOf(bytes, hashAt(bytes, sha256)) !== sha256) {
    throw new FormatError("its checksum is wrong");
  }
  const evals = arrays["evals"]?.data;
  if (!(evals instanceof Float64Array) || !Number.isSafeInteger(step)) throw new FormatError("a part is missing");
  return {
    run: run ?? "",
    plan: JSON.parse(plan ?? "") as Plan,
    software: software ?? "",
    createdAt: createdAt ?? "",
    checkpoint: { step, params: without("params/", arrays), state: without("state/", arrays) },
    evals: withMeasures(rowsToEvals(evals), without("measures/", arrays)),
  };
}
