import {
  ShapeError,
  type Tensor,
  checkDtype,
  contribute,
  empty,
  kernel,
  record,
  sameShape,
  show,
  sizeOf,
  tracked,
  wanted,
} from "../op.ts";

export interface MatmulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /**
   * Where many zeros are expected, which are then left out: in `a`, or in the gradient by the result. The bits stay the
   * same while all numbers are finite. Not for batches of products.
   */
  readonly zeros?: "a" | "gradient";
}

/**
 * Product of matrices, `[.., m, k] @ [.., k, n] -> [.., m, n]`; the last two axes of a transposed operand are exchanged.
 * The leading axes are equal, or `b` has none and serves the whole batch.
 *
 * Every output is one chain of rounded operations, s = 0, then s = s + a[i, t] b[t, j] for t = 0 … k - 1. The gradient
 * by a shared `b` sums over (batch, row) in that order. @throws ShapeError when sizes or precisions do not fit.
 */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false, zeros } = options;
  const { lead, batch, shared, m, n, k } = sizes(a, b, transposeA, transposeB);
  const A = { t: a, transposed: transposeA, next: m * k };
  const B = { t: b, transposed: transposeB, next: shared ? 0 : k * n };
  // Without a transpose, a batch against one matrix is one tall matrix against it.
  const tall = shared && !transposeA;
  const [count, rows] = tall ? [1, batch * m] : [batch, m];
  if (zeros !== undefined && count === 1) return sparser([...lead, m, n], [rows, n, k], A, B, zeros);
  const out = product([...lead, m, n], [count, rows, n, k], A, B, m * n);
  if (!tracked(a) && !tracked(b)) return out;
  return record(out, (g) => {
    const G = { t: g, transposed: false, next: m * n };
    if (wanted(a)) {
      // d op(a) = g op(b)ᵀ, and its transpose where a is transposed.
      if (transposeA) contribute(a, product(a.shape, [count, k, m, n], B, flip(G), m * k));
      else contribute(a, product(a.shape, [count, rows, k, n], G, flip(B), m * k));
    }
    if (wanted(b)) {
      // d op(b) = op(a)ᵀ g; a step of 0 from one matrix of the batch to the next adds them up.
      const step = shared ? 0 : k * n;
      if (transposeB) contribute(b, product(b.shape, [count, n, k, rows], flip(G), A, step));
      else contribute(b, product(b.shape, [count, k, n, rows], flip(A), G, step));
    }
  });
}

/** One product, its operand or its gradient full of zeros. */
function sparser(
  shape: readonly number[],
  [m, n, k]: readonly [m: number, n: number, k: number],
  a: Operand,
  b: Operand,
  zeros: "a" | "gradient",
): Tensor {
  const inA = zeros === "a";
  const dense = (to: Tensor, sizes: readonly [m: number, n: number, k: number], x: Operand, y: Operand): Tensor =>
    product(to.shape, [1, ...sizes], x, y, 0);
  const out = inA ? skippingZeros(shape, [m, n, k], a, b) : product(shape, [1, m, n, k], a, b, 0);
  if (!tracked(a.t) && !tracked(b.t)) return out;
  return record(out, (g) => {
    const G = { t: g, transposed: false, next: 0 };
    if (wanted(a.t)) {
      // d op(a) = g op(b)ᵀ: with the zeros of g left out its result is turned, not the operands.
      if (!inA) contribute(a.t, skippingZeros(a.t.shape, [m, k, n], G, flip(b), a.transposed));
      else if (a.transposed) contribute(a.t, dense(a.t, [k, m, n], b, flip(G)));
      else contribute(a.t, dense(a.t, [m, k, n], G, flip(b)));
    }
    if (wanted(b.t)) {
      // d op(b) = op(a)ᵀ g
      if (inA) contribute(b.t, skippingZeros(b.t.shape, [k, n, m], flip(a), G, b.transposed));
      else contribute(b.t, skippingZeros(b.t.shape, [n, k, m], flip(G), a, !b.transposed));
    }
  });
}

/** The product with the zeros of `a` left out; `turned`: its transpose is written. */
function skippingZeros(
  shape: readonly number[],
  [m, n, k]: readonly [m: number, n: number, k: number],
  a: Operand,
  b: Operand,
  turned = false,
): Tensor {
  const { dtype } = a.t;
  const out = empty(shape, dtype);
  const scratch = empty([kernel("skipZerosScratch", dtype)() / 4], "float32");
  kernel("skipZeros", dtype)(
    ...[m, n, k, a.t.ptr, Number(a.transposed), b.t.ptr, Number(b.transposed)],
    ...[out.ptr, Number(turned), scratch.ptr],
  );
  scratch.dispose();
  return out;
}

/** Matrices one after another, `next` elements apart. */
export interface Operand {
  readonly t: Tensor;
  readonly transposed: boolean;
  readonly next: number;
}
export const flip = (operand: Operand): Operand => ({ ...operand, transposed: !operand.transposed });

/** `count` products of m x k and k x n, written `next` elements apart; with `next` 0 they are added up. */
export function product(
  shape: readonly number[],
  [count, m, n, k]: readonly [count: number, m: number, n: number, k: number],
  a: Operand,
  b: Operand,
  next: number,
): Tensor {
  const { dtype } = a.t;
  const out = empty(shape, dtype);
  const scratch = empty([kernel("matmulScratch", dtype)() / 4], "float32");
  kernel("matmul", dtype)(
    ...[count, m, n, k, a.t.ptr, Number(a.transposed), a.next, b.t.ptr, Number(b.transposed), b.next],
    ...[out.ptr, next, scratch.ptr],
  );
  scratch.dispose();
  return out;
}

function sizes(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean) {
  checkDtype("matmul", a, b);
  const pair = `matmul: ${show(a.shape)}${transposeA ? "ᵀ" : ""} @ ${show(b.shape)}${transposeB ? "ᵀ" : ""}`;
  if (a.shape.length < 2 || b.shape.length < 2) throw new ShapeError(`${pair}, both need at least two axes`);
  const lead = a.shape.slice(0, -2);
  const shared = b.shape.length === 2;
  if (!shared && !sameShape(lead, b.shape.slice(0, -2)))
    throw new ShapeError(`${pair}, leading axes differ; they must be equal, or absent in the second`);
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
  const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
  const [m, k] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const [inner, n] = transposeB ? [bColumns, bRows] : [bRows, bColumns];
  if (k !== inner) throw new ShapeError(`${pair}, inner sizes differ`);
  return { lead, batch: sizeOf(lead), shared, m, n, k };
}
