// Functions computed one number at a time, in float64 for both precisions. They are the AssemblyScript standard library's
// (ports of musl and FreeBSD's msun), compiled into the module, so that no engine's own Math has a say.

const LOG = 0;
const SIN = 1;
const COS = 2;

// @ts-ignore: decorator
@inline
function map<T>(op: i32, a: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    const at = (<usize>i) * sizeof<T>();
    const x = <f64>load<T>(a + at);
    let y: f64;
    if (op == LOG) y = NativeMath.log(x);
    else if (op == SIN) y = NativeMath.sin(x);
    else y = NativeMath.cos(x);
    store<T>(out + at, <T>y);
  }
}

export function log_f32(a: usize, out: usize, n: i32): void {
  map<f32>(LOG, a, out, n);
}
export function log_f64(a: usize, out: usize, n: i32): void {
  map<f64>(LOG, a, out, n);
}
export function sin_f32(a: usize, out: usize, n: i32): void {
  map<f32>(SIN, a, out, n);
}
export function sin_f64(a: usize, out: usize, n: i32): void {
  map<f64>(SIN, a, out, n);
}
export function cos_f32(a: usize, out: usize, n: i32): void {
  map<f32>(COS, a, out, n);
}
export function cos_f64(a: usize, out: usize, n: i32): void {
  map<f64>(COS, a, out, n);
}
