import { bytes, copyRow } from "./lanes";

/** Copy with axes in another order: out is `[d0, d1, d2, d3]`, and its axes lie `s0` … `s3` numbers apart in `a`. */
// @ts-ignore: decorator
@inline
function permute<T>(
  a: usize, out: usize, d0: i32, d1: i32, d2: i32, d3: i32, s0: i32, s1: i32, s2: i32, s3: i32,
): void {
  let to = out;
  for (let i = 0; i < d0; i++)
    for (let j = 0; j < d1; j++)
      for (let k = 0; k < d2; k++) {
        let from = a + bytes<T>(i) * s0 + bytes<T>(j) * s1 + bytes<T>(k) * s2;
        if (s3 == 1) {
          copyRow<T>(from, to, d3);
          to += bytes<T>(d3);
        } else
          for (let l = 0; l < d3; l++, to += sizeof<T>(), from += bytes<T>(s3)) store<T>(to, load<T>(from));
      }
}
export function permute_f32(
  a: usize, out: usize, d0: i32, d1: i32, d2: i32, d3: i32, s0: i32, s1: i32, s2: i32, s3: i32,
): void {
  permute<f32>(a, out, d0, d1, d2, d3, s0, s1, s2, s3);
}
export function permute_f64(
  a: usize, out: usize, d0: i32, d1: i32, d2: i32, d3: i32, s0: i32, s1: i32, s2: i32, s3: i32,
): void {
  permute<f64>(a, out, d0, d1, d2, d3, s0, s1, s2, s3);
}
