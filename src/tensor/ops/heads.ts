import { ShapeError, type Tensor, checkDtype, contribute, record, show, tracked, wanted } from "../op.ts";
import { flip, product, type Operand } from "./matmul.ts";

/** x W for each head: `x` [rows, d] and `W` [heads, d, width] give [heads, rows, width]. */
export function splitHeads(x: Tensor, W: Tensor): Tensor {
  const [heads, d, width] = headed("splitHeads", x, W, x.shape.length === 2 ? x.shape[1] : -1);
  const rows = x.shape[0];
  const X = operand(x, 0);
  const Ws = operand(W, d * width);
  const out = product([heads, rows, width], [heads, rows, width, d], X, Ws, rows * width);
  if (!tracked(x) && !tracked(W)) return out;
  return record(out, (g) => {
    const G = operand(g, rows * width);
    // A step of 0 from one head's product to the next adds them up.
    if (wanted(x)) contribute(x, product(x.shape, [heads, rows, d, width], G, flip(Ws), 0));
    if (wanted(W)) contribute(W, product(W.shape, [heads, d, width, rows], flip(X), G, d * width));
  });
}

/** The heads' z W added up, head by head: `z` [heads, rows, width] and `W` [heads, width, d] give [rows, d]. */
export function mergeHeads(z: Tensor, W: Tensor): Tensor {
  const [heads, width, d] = headed("mergeHeads", z, W, z.shape.length === 3 ? z.shape[2] : -1);
  const rows = z.shape[1];
  if (z.shape[0] !== heads) throw new ShapeError(`mergeHeads: ${show(z.shape)} and ${show(W.shape)}, heads differ`);
  const Z = operand(z, rows * width);
  const Ws = operand(W, width * d);
  const out = product([rows, d], [heads, rows, d, width], Z, Ws, 0);
  if (!tracked(z) && !tracked(W)) return out;
  return record(out, (g) => {
    const G = operand(g, 0);
    if (wanted(z)) contribute(z, product(z.shape, [heads, rows, width, d], G, flip(Ws), rows * width));
    if (wanted(W)) contribute(W, product(W.shape, [heads, width, d, rows], flip(Z), G, width * d));
  });
}

/** Matrices one after another, `next` numbers apart; 0: the same one each time. */
const operand = (t: Tensor, next: number): Operand => ({ t, transposed: false, next });

function headed(op: string, x: Tensor, W: Tensor, inner: number): readonly [number, number, number] {
  checkDtype(op, x, W);
  if (W.shape.length !== 3 || W.shape[1] !== inner)
    throw new ShapeError(`${op}: ${show(x.shape)} and ${show(W.shape)}, inner sizes differ`);
  return W.shape as readonly [number, number, number];
}
