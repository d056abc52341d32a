import { buffer } from "./engine.ts";
import { Handle } from "./memory.ts";
import { ShapeError } from "./shape.ts";

/** Bytes of a block of hidden units, as the kernels cut them. */
const ROW = 64;
/** The tables of 8-bit chunks fill a first-level cache; wider ones leave it. */
const MAX_CHUNK = 8;
/** Rows of tables that a uint16 can name. */
const MAX_TABLE_ROWS = 65536;
/** What a table row costs (made, filled, folded) beside a look-up of one sample, measured. */
const TABLE_ROW_COST = 1.5;

/** A constant matrix of bits, sorted once for the products that it takes part in. Made by `bitRows`. */
export class BitRows extends Handle {
  readonly n: number;
  readonly width: number;
  /** The numbers that the bits 0 and 1 stand for. */
  readonly low: number;
  readonly high: number;
  /** Columns that are not the same in all rows, in order, and how many of them each chunk takes. */
  readonly varying: readonly number[];
  readonly chunks: readonly number[];
  /** Rows of the tables of all chunks. */
  readonly tableRows: number;

  constructor(bits: Uint8Array, n: number, width: number, low: number, high: number) {
    const varying: number[] = [];
    const constants: number[] = [];
    for (let j = 0; j < width; j++) (isConstant(bits, n, width, j) ? constants : varying).push(j);
    const chunks = cut(varying.length, n);
    const tableRows = chunks.reduce((rows, chunk) => rows + (1 << chunk), 0);
    const words = 5 + chunks.length + width + tableRows + 1 + chunks.length * n;
    super(4 * words + 2 * chunks.length * n);
    this.n = n;
    this.width = width;
    this.low = low;
    this.high = high;
    this.varying = varying;
    this.chunks = chunks;
    this.tableRows = tableRows;

    const plan = new Int32Array(buffer(), this.ptr, words);
    const lookups = new Uint16Array(buffer(), this.ptr + 4 * words, chunks.length * n);
    plan.set([n, width, chunks.length, varying.length, tableRows, ...chunks]);
    let word = 5 + chunks.length;
    for (const j of varying) plan[word++] = 2 * j;
    for (const j of constants) plan[word++] = 2 * j + (n > 0 ? bits[j] : 0);
    this.#sort(bits, plan.subarray(word, word + tableRows + 1), plan.subarray(word + tableRows + 1), lookups);
  }

  /** Fill in where each chunk's values begin among the samples sorted by it, those samples, and their table rows. */
  #sort(bits: Uint8Array, starts: Int32Array, sorted: Int32Array, lookups: Uint16Array): void {
    const { n, width, varying, chunks } = this;
    let firstBit = 0;
    let firstRow = 0;
    chunks.forEach((chunk, c) => {
      const columns = varying.slice(firstBit, firstBit + chunk);
      const next = new Int32Array((1 << chunk) + 1);
      for (let i = 0; i < n; i++) {
        let value = 0;
        columns.forEach((j, b) => (value |= bits[i * width + j] << b));
        lookups[i * chunks.length + c] = firstRow + value;
        next[value + 1]++;
      }
      for (let value = 0; value < 1 << chunk; value++) {
        next[value + 1] += next[value];
        starts[firstRow + value] = 4 * (c * n + next[value]);
      }
      for (let i = 0; i < n; i++) sorted[c * n + next[lookups[i * chunks.length + c] - firstRow]++] = ROW * i;
      firstBit += chunk;
      firstRow += 1 << chunk;
    });
    starts[firstRow] = 4 * chunks.length * n;
  }
}

function isConstant(bits: Uint8Array, n: number, width: number, j: number): boolean {
  for (let i = 1; i < n; i++) if (bits[i * width + j] !== bits[j]) return false;
  return true;
}

/** Chunks of nearly equal widths, as many as make tables and look-ups cheapest together. Depends on nothing else. */
function cut(varying: number, n: number): number[] {
  let best: number[] = [];
  let bestCost = Infinity;
  for (let count = Math.max(1, Math.ceil(varying / MAX_CHUNK)); count <= Math.max(1, varying); count++) {
    const chunks = Array.from(
      { length: count },
      (_, c) => Math.floor((varying * (c + 1)) / count) - Math.floor((varying * c) / count),
    );
    const rows = chunks.reduce((sum, chunk) => sum + (1 << chunk), 0);
    const cost = n * count + TABLE_ROW_COST * rows;
    if (rows > MAX_TABLE_ROWS || cost >= bestCost) continue;
    best = chunks;
    bestCost = cost;
  }
  if (best.length === 0) throw new ShapeError(`bitRows: ${varying} columns that vary, allowed are 32768`);
  return best;
}

/**
 * A constant matrix for `bitProduct` and `bitMlp`, from bits in row-major order, `[n, width]`, each 0 or 1. In products a
 * 0 counts as `low` and a 1 as `high`. Columns that are constant, such as one of ones for a bias, cost next to nothing.
 * @throws ShapeError unless `bits` holds n * width zeros and ones.
 */
export function bitRows(
  bits: Uint8Array,
  n: number,
  width: number,
  { low = 0, high = 1 }: { readonly low?: number; readonly high?: number } = {},
): BitRows {
  if (bits.length !== n * width)
    throw new ShapeError(`bitRows: ${bits.length} bits for the shape [${n}, ${width}], which holds ${n * width}`);
  const wrong = bits.findIndex((bit) => bit > 1);
  if (wrong >= 0) throw new ShapeError(`bitRows: ${bits[wrong]} at position ${wrong}, allowed are 0 and 1`);
  return new BitRows(bits, n, width, low, high);
}

/** Give the memory of bits back. */
export function disposeBits(bits: BitRows): void {
  bits.dispose();
}
