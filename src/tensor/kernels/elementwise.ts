// Number by number: sums, products, and the functions that a vector has an instruction for. Every lane is computed as the
// scalar would be, so how numbers fall into vectors leaves no trace.
import { expLanes } from "./exp";
import { bytes, lanes, loadPart, storePart } from "./lanes";

const ADD = 0;
const SUB = 1;
const MUL = 2;
const DIV = 3;
const RELU_GRADIENT = 4;
const TANH_GRADIENT = 5;

// @ts-ignore: decorator
@inline
function pair<T>(op: i32, x: v128, y: v128): v128 {
  if (op == ADD) return v128.add<T>(x, y);
  if (op == SUB) return v128.sub<T>(x, y);
  if (op == MUL) return v128.mul<T>(x, y);
  if (op == DIV) return v128.div<T>(x, y);
  // x: the input, y: the gradient of the output
  if (op == RELU_GRADIENT) return v128.and(y, v128.gt<T>(x, v128.splat<T>(<T>0)));
  // x: the output, y: its gradient
  return v128.mul<T>(y, v128.sub<T>(v128.splat<T>(<T>1), v128.mul<T>(x, x)));
}

/** out = a ∘ b, `n` numbers each. */
// @ts-ignore: decorator
@inline
function binary<T>(op: i32, a: usize, b: usize, out: usize, n: i32): void {
  let i = 0;
  for (; i <= n - lanes<T>(); i += lanes<T>()) {
    const at = bytes<T>(i);
    v128.store(out + at, pair<T>(op, v128.load(a + at), v128.load(b + at)));
  }
  if (i < n) {
    const at = bytes<T>(i);
    const x = loadPart<T>(a + at, n - i, <T>1);
    const y = loadPart<T>(b + at, n - i, <T>1);
    storePart<T>(out + at, pair<T>(op, x, y), n - i);
  }
}

/** out = a ∘ b with a `[n, m]` and b `[m]` repeated for each row; a single b is spread over all of a. */
// @ts-ignore: decorator
@inline
function binaryRows<T>(op: i32, a: usize, b: usize, out: usize, n: i32, m: i32): void {
  if (m > 1) {
    for (let row = 0; row < n; row++) {
      const at = bytes<T>(row) * m;
      binary<T>(op, a + at, b, out + at, m);
    }
    return;
  }
  const y = v128.splat<T>(load<T>(b));
  let i = 0;
  for (; i <= n - lanes<T>(); i += lanes<T>()) {
    const at = bytes<T>(i);
    v128.store(out + at, pair<T>(op, v128.load(a + at), y));
  }
  if (i < n) storePart<T>(out + bytes<T>(i), pair<T>(op, loadPart<T>(a + bytes<T>(i), n - i, <T>1), y), n - i);
}

const NEG = 0;
const SCALE = 1;
const ADD_SCALAR = 2;
const SQRT = 3;
const RELU = 4;
const SQUARE = 5;
const EXP = 6;

// @ts-ignore: decorator
@inline
function single<T>(op: i32, x: v128, c: v128): v128 {
  if (op == NEG) return v128.neg<T>(x);
  if (op == SCALE) return v128.mul<T>(x, c);
  if (op == ADD_SCALAR) return v128.add<T>(x, c);
  if (op == SQRT) return v128.sqrt<T>(x);
  if (op == RELU) return v128.pmax<T>(x, v128.splat<T>(<T>0)); // in this order NaN passes
  if (op == SQUARE) return v128.mul<T>(x, x);
  return expLanes<T>(x);
}

/** out = f(a), `n` numbers; `c` is the constant of SCALE and ADD_SCALAR. */
// @ts-ignore: decorator
@inline
function unary<T>(op: i32, a: usize, out: usize, n: i32, c: T): void {
  const constant = v128.splat<T>(c);
  let i = 0;
  for (; i <= n - lanes<T>(); i += lanes<T>())
    v128.store(out + bytes<T>(i), single<T>(op, v128.load(a + bytes<T>(i)), constant));
  if (i < n) {
    const x = loadPart<T>(a + bytes<T>(i), n - i, <T>1);
    storePart<T>(out + bytes<T>(i), single<T>(op, x, constant), n - i);
  }
}

export function add_f32(a: usize, b: usize, out: usize, n: i32): void {
  binary<f32>(ADD, a, b, out, n);
}
export function add_f64(a: usize, b: usize, out: usize, n: i32): void {
  binary<f64>(ADD, a, b, out, n);
}
export function addRows_f32(a: usize, b: usize, out: usize, n: i32, m: i32): void {
  binaryRows<f32>(ADD, a, b, out, n, m);
}
export function addRows_f64(a: usize, b: usize, out: usize, n: i32, m: i32): void {
  binaryRows<f64>(ADD, a, b, out, n, m);
}
export function sub_f32(a: usize, b: usize, out: usize, n: i32): void {
  binary<f32>(SUB, a, b, out, n);
}
export function sub_f64(a: usize, b: usize, out: usize, n: i32): void {
  binary<f64>(SUB, a, b, out, n);
}
export function subRows_f32(a: usize, b: usize, out: usize, n: i32, m: i32): void {
  binaryRows<f32>(SUB, a, b, out, n, m);
}
export function subRows_f64(a: usize, b: usize, out: usize, n: i32, m: i32): void {
  binaryRows<f64>(SUB, a, b, out, n, m);
}
export function mul_f32(a: usize, b: usize, out: usize, n: i32): void {
  binary<f32>(MUL, a, b, out, n);
}
export function mul_f64(a: usize, b: usize, out: usize, n: i32): void {
  binary<f64>(MUL, a, b, out, n);
}
export function mulRows_f32(a: usize, b: usize, out: usize, n: i32, m: i32): void {
  binaryRows<f32>(MUL, a, b, out, n, m);
}
export function mulRows_f64(a: usize, b: usize, out: usize, n: i32, m: i32): void {
  binaryRows<f64>(MUL, a, b, out, n, m);
}
export function div_f32(a: usize, b: usize, out: usize, n: i32): void {
  binary<f32>(DIV, a, b, out, n);
}
export function div_f64(a: usize, b: usize, out: usize, n: i32): void {
  binary<f64>(DIV, a, b, out, n);
}
export function divRows_f32(a: usize, b: usize, out: usize, n: i32, m: i32): void {
  binaryRows<f32>(DIV, a, b, out, n, m);
}
export function divRows_f64(a: usize, b: usize, out: usize, n: i32, m: i32): void {
  binaryRows<f64>(DIV, a, b, out, n, m);
}
export function reluGradient_f32(a: usize, gradient: usize, out: usize, n: i32): void {
  binary<f32>(RELU_GRADIENT, a, gradient, out, n);
}
export function reluGradient_f64(a: usize, gradient: usize, out: usize, n: i32): void {
  binary<f64>(RELU_GRADIENT, a, gradient, out, n);
}
export function tanhGradient_f32(y: usize, gradient: usize, out: usize, n: i32): void {
  binary<f32>(TANH_GRADIENT, y, gradient, out, n);
}
export function tanhGradient_f64(y: usize, gradient: usize, out: usize, n: i32): void {
  binary<f64>(TANH_GRADIENT, y, gradient, out, n);
}
export function neg_f32(a: usize, out: usize, n: i32): void {
  unary<f32>(NEG, a, out, n, 0);
}
export function neg_f64(a: usize, out: usize, n: i32): void {
  unary<f64>(NEG, a, out, n, 0);
}
export function sqrt_f32(a: usize, out: usize, n: i32): void {
  unary<f32>(SQRT, a, out, n, 0);
}
export function sqrt_f64(a: usize, out: usize, n: i32): void {
  unary<f64>(SQRT, a, out, n, 0);
}
export function relu_f32(a: usize, out: usize, n: i32): void {
  unary<f32>(RELU, a, out, n, 0);
}
export function relu_f64(a: usize, out: usize, n: i32): void {
  unary<f64>(RELU, a, out, n, 0);
}
export function square_f32(a: usize, out: usize, n: i32): void {
  unary<f32>(SQUARE, a, out, n, 0);
}
export function square_f64(a: usize, out: usize, n: i32): void {
  unary<f64>(SQUARE, a, out, n, 0);
}
export function exp_f32(a: usize, out: usize, n: i32): void {
  unary<f32>(EXP, a, out, n, 0);
}
export function exp_f64(a: usize, out: usize, n: i32): void {
  unary<f64>(EXP, a, out, n, 0);
}
export function scale_f32(a: usize, out: usize, n: i32, c: f32): void {
  unary<f32>(SCALE, a, out, n, c);
}
export function scale_f64(a: usize, out: usize, n: i32, c: f64): void {
  unary<f64>(SCALE, a, out, n, c);
}
export function addScalar_f32(a: usize, out: usize, n: i32, c: f32): void {
  unary<f32>(ADD_SCALAR, a, out, n, c);
}
export function addScalar_f64(a: usize, out: usize, n: i32, c: f64): void {
  unary<f64>(ADD_SCALAR, a, out, n, c);
}
