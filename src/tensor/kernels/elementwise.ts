/** out = a + b, `n` numbers each. */
// @ts-ignore: decorator
@inline
function add<T>(a: usize, b: usize, out: usize, n: i32): void {
  const lanes = 16 / <i32>sizeof<T>();
  let i = 0;
  for (; i <= n - lanes; i += lanes) {
    const at = (<usize>i) * sizeof<T>();
    v128.store(out + at, v128.add<T>(v128.load(a + at), v128.load(b + at)));
  }
  for (; i < n; i++) {
    const at = (<usize>i) * sizeof<T>();
    store<T>(out + at, <T>(load<T>(a + at) + load<T>(b + at)));
  }
}
export function add_f32(a: usize, b: usize, out: usize, n: i32): void {
  add<f32>(a, b, out, n);
}
export function add_f64(a: usize, b: usize, out: usize, n: i32): void {
  add<f64>(a, b, out, n);
}
