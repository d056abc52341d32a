import { sha256 } from "@noble/hashes/sha2.js";
import { zlibSync } from "fflate";
import { FormatError } from "../../tensor/formats/format-error.ts";
import type { Plan } from "../../train/experiment.ts";
import { canonicalJson } from "../../train/plan.ts";
import { evalToRow, measureNames, seriesColumns } from "../series.ts";
import { encodeFloats, encodePlanes, encodeShorts } from "./planes.ts";
import { limits, type Recording } from "./recording.ts";
import { maxLevel, quantize } from "./track.ts";

/** First bytes of a file; the digit is the format's version. */
export const magic = new TextEncoder().encode("GROKREC1");
/** Bytes of the SHA-256 of all that follows it. */
export const hashLength = 16;

export interface EncodeOptions {
  /** Levels above zero of each matrix, at most 1023: an entry errs by at most 1 / (2 · levels) of the largest one. */
  readonly levels?: number | undefined;
}

/**
 * Recordings as one file: magic, hash, inflated size (uint32), zlib stream of (header size, JSON header, numbers).
 * Several runs of one Plan keep it once.
 * @throws FormatError where a recording is beyond the format's limits or has weights that are not finite
 */
export function encodeRecordings(recordings: readonly Recording[], { levels = maxLevel }: EncodeOptions = {}) {
  if (!(Number.isInteger(levels) && levels >= 1 && levels <= maxLevel)) {
    throw new FormatError(`levels: ${levels} is not allowed; give a whole number from 1 to ${maxLevel}`);
  }
  const plans = new Map<string, { readonly index: number; readonly plan: Omit<Plan, "seed"> }>();
  const parts: Uint8Array[] = [];
  const runs = recordings.map((recording) => {
    const { seed, ...plan } = recording.plan;
    const text = canonicalJson(plan);
    const known = plans.get(text) ?? { index: plans.size, plan };
    plans.set(text, known);
    parts.push(...numbersOf(recording, levels));
    const { evals, tracks, verdict, extremes, weightsHash } = recording;
    return {
      ...{
        plan: known.index,
        seed,
        evals: evals.length,
        measures: measureNames(evals),
        verdict,
        extremes,
        weightsHash,
      },
      tracks: tracks.map(({ name, rows, cols, steps }) => ({ name, rows, cols, steps })),
    };
  });
  const header = new TextEncoder().encode(JSON.stringify({ plans: [...plans.values()].map(({ plan }) => plan), runs }));
  const body = joined([uint32(header.length), header, ...parts]);
  const packed = zlibSync(body, { level: 9 });
  if (recordings.length > limits.runs || body.length > limits.inflated || packed.length > limits.file) {
    throw new FormatError(`${recordings.length} recordings of ${body.length} bytes are too many for one file`);
  }
  const content = joined([uint32(body.length), packed]);
  return joined([magic, sha256(content).subarray(0, hashLength), content]);
}

function numbersOf({ evals, tracks }: Recording, levels: number): readonly Uint8Array[] {
  if (evals.length > limits.evals) throw new FormatError(`${evals.length} evaluations: at most ${limits.evals}`);
  if (tracks.length > limits.tracks) throw new FormatError(`${tracks.length} tracks: at most ${limits.tracks}`);
  const measures = measureNames(evals);
  if (measures.length > limits.measures)
    throw new FormatError(`${measures.length} measures: at most ${limits.measures}`);
  const rows = evals.map(evalToRow);
  const curves = seriesColumns.map((name, column) => {
    const values = rows.map((row) => row[column]);
    return name === "step" ? encodePlanes(values) : encodeFloats(values);
  });
  return [
    ...curves,
    ...measures.map((name) => encodeFloats(evals.map((e) => e.measures?.[name] ?? NaN))),
    ...tracks.flatMap((track) => {
      const { name, steps, data } = track;
      const size = track.rows * track.cols;
      if (steps.length > limits.steps || size > limits.entries || data.length !== steps.length * size) {
        throw new FormatError(`track ${name}: ${data.length} numbers for ${steps.length} steps of ${size}`);
      }
      const coded = quantize(track, levels);
      return [encodeFloats(coded.scales), encodeShorts(coded.levels)];
    }),
  ];
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
