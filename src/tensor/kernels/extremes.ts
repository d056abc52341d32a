// Largest numbers and where they are. Ties go to the lowest index.
import { bytes } from "./lanes";

/** out[o, i] = largest over j of a[o, j, i]; NaN when there is one. */
// @ts-ignore: decorator
@inline
function maxAxis<T>(a: usize, out: usize, outer: i32, k: i32, inner: i32): void {
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < inner; i++) {
      let at = a + bytes<T>(o * k) * inner + bytes<T>(i);
      let best = load<T>(at);
      for (let j = 1; j < k; j++) {
        at += bytes<T>(inner);
        best = max<T>(best, load<T>(at));
      }
      store<T>(out + bytes<T>(o * inner + i), best);
    }
}
export function maxAxis_f32(a: usize, out: usize, outer: i32, k: i32, inner: i32): void {
  maxAxis<f32>(a, out, outer, k, inner);
}
export function maxAxis_f64(a: usize, out: usize, outer: i32, k: i32, inner: i32): void {
  maxAxis<f64>(a, out, outer, k, inner);
}

/** Gradient of `maxAxis`: each one goes whole to the first largest number, the others get 0. */
// @ts-ignore: decorator
@inline
function maxAxisGradient<T>(a: usize, best: usize, gradient: usize, out: usize, outer: i32, k: i32, inner: i32): void {
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < inner; i++) {
      const first = bytes<T>(o * k) * inner + bytes<T>(i);
      const largest = load<T>(best + bytes<T>(o * inner + i));
      let waiting = true;
      for (let j = 0; j < k; j++) {
        const at = first + bytes<T>(inner) * j;
        const here = waiting && load<T>(a + at) == largest;
        if (here) waiting = false;
        store<T>(out + at, here ? load<T>(gradient + bytes<T>(o * inner + i)) : <T>0);
      }
    }
}
export function maxAxisGradient_f32(
  a: usize, best: usize, gradient: usize, out: usize, outer: i32, k: i32, inner: i32,
): void {
  maxAxisGradient<f32>(a, best, gradient, out, outer, k, inner);
}
export function maxAxisGradient_f64(
  a: usize, best: usize, gradient: usize, out: usize, outer: i32, k: i32, inner: i32,
): void {
  maxAxisGradient<f64>(a, best, gradient, out, outer, k, inner);
}

/** out[i] = index of the largest of row i, `n` rows of `c`. */
// @ts-ignore: decorator
@inline
function argmax<T>(a: usize, out: usize, n: i32, c: i32): void {
  for (let i = 0; i < n; i++) {
    let at = a + bytes<T>(i) * c;
    let best = load<T>(at);
    let index = 0;
    for (let j = 1; j < c; j++) {
      at += sizeof<T>();
      const x = load<T>(at);
      if (x > best) {
        best = x;
        index = j;
      }
    }
    store<i32>(out + (<usize>i) * 4, index);
  }
}
export function argmax_f32(a: usize, out: usize, n: i32, c: i32): void {
  argmax<f32>(a, out, n, c);
}
export function argmax_f64(a: usize, out: usize, n: i32, c: i32): void {
  argmax<f64>(a, out, n, c);
}

/** How many rows have their largest logit, ties to the lowest index, at the label. A row with NaN has none. */
// @ts-ignore: decorator
@inline
function correct<T>(logits: usize, labels: usize, n: i32, c: i32): i32 {
  let count = 0;
  for (let i = 0; i < n; i++) {
    const row = logits + bytes<T>(i) * c;
    const label = load<i32>(labels + (<usize>i) * 4);
    const own = load<T>(row + bytes<T>(label));
    let right = own == own;
    for (let j = 0; right && j < label; j++) right = load<T>(row + bytes<T>(j)) < own;
    for (let j = label + 1; right && j < c; j++) right = load<T>(row + bytes<T>(j)) <= own;
    count += i32(right);
  }
  return count;
}
export function correct_f32(logits: usize, labels: usize, n: i32, c: i32): i32 {
  return correct<f32>(logits, labels, n, c);
}
export function correct_f64(logits: usize, labels: usize, n: i32, c: i32): i32 {
  return correct<f64>(logits, labels, n, c);
}

/** How many logits are above 0 where the label is 1, and not above where it is 0. NaN is never right. */
// @ts-ignore: decorator
@inline
function correctSign<T>(logits: usize, labels: usize, n: i32): i32 {
  let count = 0;
  for (let i = 0; i < n; i++) {
    const z = load<T>(logits + bytes<T>(i));
    count += i32(load<i32>(labels + (<usize>i) * 4) == 1 ? z > 0 : z <= 0);
  }
  return count;
}
export function correctSign_f32(logits: usize, labels: usize, n: i32): i32 {
  return correctSign<f32>(logits, labels, n);
}
export function correctSign_f64(logits: usize, labels: usize, n: i32): i32 {
  return correctSign<f64>(logits, labels, n);
}
