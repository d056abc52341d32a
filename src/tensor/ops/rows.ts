import {
  ShapeError,
  type Tensor,
  checkDtype,
  checkIndices,
  contribute,
  empty,
  kernel,
  record,
  show,
  zeros,
} from "../op.ts";
import { ints } from "../engine.ts";
import { tracked, wanted } from "../op.ts";
import type { Indices } from "../tensor.ts";

/** out[i] = table[rows[i]]: `table` [v, d] gives [n, d]. The gradient adds rows to the table in the order of i. */
export function gatherRows(table: Tensor, rows: Indices): Tensor {
  const [v, d] = matrix("gatherRows", table);
  checkIndices("gatherRows", rows, v);
  const n = rows.length;
  const out = empty([n, d], table.dtype);
  kernel("gather", table.dtype)(table.ptr, rows.ptr, 1, out.ptr, n, d);
  if (!tracked(table)) return out;
  return record(out, (g) => {
    const gradient = zeros(table.shape, table.dtype);
    kernel("scatterAdd", table.dtype)(g.ptr, rows.ptr, 1, gradient.ptr, n, d);
    contribute(table, gradient);
  });
}

/**
 * out[i] = sum over j of tables[j][tokens[i, j]]: `tokens` [n, tables.length] and tables [v_j, d] give [n, d]. What a
 * layer on one-hot inputs computes, without the zeros. The same table may stand at several positions. Sums run in the
 * order of j; the gradient adds rows to a table position by position, each in the order of i.
 */
export function gatherSum(tables: readonly Tensor[], tokens: Indices, n: number): Tensor {
  const positions = tables.length;
  const first = tables[0];
  if (first === undefined) throw new ShapeError("gatherSum: no tables");
  if (tokens.length !== n * positions)
    throw new ShapeError(`gatherSum: ${tokens.length} tokens for ${n} rows of ${positions}`);
  const [, d] = matrix("gatherSum", first);
  let follow = false;
  for (let j = 0; j < positions; j++) {
    const table = tables[j];
    checkDtype("gatherSum", first, table);
    checkTokens(tokens, matrix("gatherSum", table)[0], j, positions);
    if (table.shape[1] !== d)
      throw new ShapeError(`gatherSum: ${show(first.shape)} and ${show(table.shape)}, row lengths differ`);
    follow ||= tracked(table);
  }
  const { dtype } = first;
  const out = empty([n, d], dtype);
  for (let j = 0; j < positions; j++)
    kernel(j === 0 ? "gather" : "gatherAdd", dtype)(tables[j].ptr, tokens.ptr + 4 * j, positions, out.ptr, n, d);
  if (!follow) return out;
  return record(out, (g) => {
    for (let t = 0; t < positions; t++) {
      const table = tables[t];
      if (!wanted(table) || tables.indexOf(table) < t) continue;
      const gradient = zeros(table.shape, dtype);
      for (let j = t; j < positions; j++)
        if (tables[j] === table) kernel("scatterAdd", dtype)(g.ptr, tokens.ptr + 4 * j, positions, gradient.ptr, n, d);
      contribute(table, gradient);
    }
  });
}

/** Tokens at position j name one of `v` rows. The range of all tokens settles it, unless tables differ in length. */
function checkTokens(tokens: Indices, v: number, j: number, positions: number): void {
  if (tokens.min >= 0 && tokens.max < v) return;
  const start = tokens.ptr / 4;
  for (let i = j; i < tokens.length; i += positions) {
    const token = ints[start + i];
    if (token < 0 || token >= v)
      throw new ShapeError(`gatherSum: token ${token} at position ${j}, allowed are 0 to ${v - 1}`);
  }
}

function matrix(op: string, table: Tensor): readonly [number, number] {
  if (table.shape.length !== 2) throw new ShapeError(`${op}: ${show(table.shape)} is not a table [rows, columns]`);
  return table.shape as readonly [number, number];
}
