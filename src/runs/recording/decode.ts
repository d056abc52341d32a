import { sha256 } from "@noble/hashes/sha2.js";
import { Unzlib } from "fflate";
import { FormatError } from "../../tensor/formats/format-error.ts";
import type { Eval } from "../../train/eval.ts";
import { rowToEval, seriesColumns } from "../series.ts";
import { hashLength, magic } from "./encode.ts";
import { readHeader, type RunHeader } from "./header.ts";
import { decodeFloats, decodePlanes, decodeShorts } from "./planes.ts";
import { limits, type Recording } from "./recording.ts";
import { dequantize } from "./track.ts";

/**
 * The recordings of a file. Every size is checked against the format's limits, every Plan against its fields: a file
 * from anywhere may be read.
 * @throws FormatError in one sentence
 */
export function decodeRecordings(file: Uint8Array): readonly Recording[] {
  const body = unpack(file);
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const length = body.length < 4 ? 0 : view.getUint32(0, true);
  if (length > limits.header || 4 + length > body.length) {
    throw new FormatError(`damaged recording: a header of ${length} bytes`);
  }
  const headers = readHeader(new TextDecoder().decode(body.subarray(4, 4 + length)));
  const total = headers.reduce((sum, header) => sum + bytesOf(header), 4 + length);
  if (total !== body.length) throw new FormatError(`damaged recording: ${body.length} bytes instead of ${total}`);
  let offset = 4 + length;
  const take = (bytes: number): Uint8Array => body.subarray(offset, (offset += bytes));
  return headers.map((header) => readRun(header, take));
}

/** Bytes of a run's numbers. */
const bytesOf = ({ evals, measures, tracks }: RunHeader): number =>
  4 * (seriesColumns.length + measures.length) * evals +
  tracks.reduce((sum, { steps, rows, cols }) => sum + steps.length * (4 + 2 * rows * cols), 0);

function readRun({ evals: n, measures, tracks, ...rest }: RunHeader, take: (bytes: number) => Uint8Array): Recording {
  const columns = seriesColumns.map((name) =>
    name === "step" ? decodePlanes(take(4 * n)) : decodeFloats(take(4 * n)),
  );
  const further = measures.map((name) => [name, decodeFloats(take(4 * n))] as const);
  const measured = (i: number) => further.filter(([, values]) => !Number.isNaN(values[i]));
  const evals: Eval[] = Array.from({ length: n }, (_, i) => {
    const row = columns.map((column) => column[i]);
    const found = measured(i).map(([name, values]) => [name, values[i]] as const);
    return rowToEval(row, found.length > 0 ? Object.fromEntries(found) : undefined);
  });
  if (evals.some(({ step }, i) => i > 0 && step <= evals[i - 1].step)) {
    throw new FormatError("damaged recording: the steps of its evaluations do not ascend");
  }
  return {
    ...rest,
    evals,
    tracks: tracks.map((track) => {
      const count = track.steps.length;
      const size = track.rows * track.cols;
      const scales = decodeFloats(take(4 * count));
      if (!scales.every((scale) => scale >= 0 && scale < 1e30)) {
        throw new FormatError(`damaged recording: a scale of ${track.name} is not a number`);
      }
      return { ...track, data: dequantize({ scales, levels: decodeShorts(take(2 * count * size)) }, size) };
    }),
  };
}

/** What the file inflates to, no more than it announces: a small file cannot fill the memory. */
function unpack(file: Uint8Array): Uint8Array {
  const start = magic.length + hashLength;
  if (file.length > limits.file) throw new FormatError(`a recording of ${file.length} bytes; at most ${limits.file}`);
  if (file.length < start + 4 || !magic.every((byte, i) => file[i] === byte)) {
    throw new FormatError("not a groklab recording, or one of another version");
  }
  const content = file.subarray(start);
  const hash = sha256(content);
  if (!file.subarray(magic.length, start).every((byte, i) => byte === hash[i])) {
    throw new FormatError("damaged recording: its bytes are not those that were written");
  }
  const size = new DataView(content.buffer, content.byteOffset, 4).getUint32(0, true);
  if (size > limits.inflated) throw new FormatError(`a recording of ${size} bytes; at most ${limits.inflated}`);
  const body = new Uint8Array(size);
  let filled = 0;
  const wrong = new FormatError(`damaged recording: it does not inflate to the ${size} bytes it announces`);
  const stream = new Unzlib((chunk) => {
    if (filled + chunk.length > size) throw wrong;
    body.set(chunk, filled);
    filled += chunk.length;
  });
  // In slices, because a slice may grow a thousandfold before its bytes can be counted.
  const slice = 16_384;
  try {
    for (let at = 4; at < content.length; at += slice) {
      stream.push(content.subarray(at, at + slice), at + slice >= content.length);
    }
  } catch {
    throw wrong;
  }
  if (filled !== size) throw wrong;
  return body;
}
