// What every vector kernel is made of: rows whose length is no multiple of the vector, and sums of lanes.

/** Numbers in a vector: 4 of float32, 2 of float64. */
// @ts-ignore: decorator
@inline
export function lanes<T>(): i32 {
  return 16 / <i32>sizeof<T>();
}

/** Bytes before the i-th number. */
// @ts-ignore: decorator
@inline
export function bytes<T>(i: i32): usize {
  return (<usize>i) * sizeof<T>();
}

/** A vector of a row's last `count` numbers (at least one, fewer than it holds), `fill` in the other lanes. */
// @ts-ignore: decorator
@inline
export function loadPart<T>(at: usize, count: i32, fill: T): v128 {
  let x = v128.replace_lane<T>(v128.splat<T>(fill), 0, load<T>(at));
  if (sizeof<T>() == 4) {
    if (count > 1) x = v128.replace_lane<T>(x, 1, load<T>(at, 4));
    if (count > 2) x = v128.replace_lane<T>(x, 2, load<T>(at, 8));
  }
  return x;
}

/** Store the first `count` lanes, fewer than all and at least one. */
// @ts-ignore: decorator
@inline
export function storePart<T>(at: usize, x: v128, count: i32): void {
  store<T>(at, v128.extract_lane<T>(x, 0));
  if (sizeof<T>() == 4) {
    if (count > 1) store<T>(at, v128.extract_lane<T>(x, 1), 4);
    if (count > 2) store<T>(at, v128.extract_lane<T>(x, 2), 8);
  }
}

/** Sum of the lanes, (0 + 1) + (2 + 3). */
// @ts-ignore: decorator
@inline
export function sumLanes<T>(x: v128): T {
  const low = <T>(v128.extract_lane<T>(x, 0) + v128.extract_lane<T>(x, 1));
  if (sizeof<T>() == 8) return low;
  return <T>(low + <T>(v128.extract_lane<T>(x, 2) + v128.extract_lane<T>(x, 3)));
}

/** Largest lane, without the branches of the scalar `max`, which guess wrong half the time. NaN may get lost. */
// @ts-ignore: decorator
@inline
export function maxLanes<T>(x: v128): T {
  const two = v128.pmax<T>(x, i64x2.shuffle(x, x, 1, 0));
  if (sizeof<T>() == 8) return v128.extract_lane<T>(two, 0);
  return v128.extract_lane<T>(v128.pmax<T>(two, i32x4.shuffle(two, two, 1, 0, 3, 2)), 0);
}

/** Two numbers at `at`, as float64. */
// @ts-ignore: decorator
@inline
export function loadWide<T>(at: usize): v128 {
  if (sizeof<T>() == 8) return v128.load(at);
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/** `n` numbers from `from` to `to`; numbers beyond whole vectors one by one. */
// @ts-ignore: decorator
@inline
export function copyRow<T>(from: usize, to: usize, n: i32): void {
  let i = 0;
  for (; i <= n - lanes<T>(); i += lanes<T>()) v128.store(to + bytes<T>(i), v128.load(from + bytes<T>(i)));
  for (; i < n; i++) store<T>(to + bytes<T>(i), load<T>(from + bytes<T>(i)));
}

/** to += from, `n` numbers. */
// @ts-ignore: decorator
@inline
export function addRow<T>(from: usize, to: usize, n: i32): void {
  let i = 0;
  for (; i <= n - lanes<T>(); i += lanes<T>()) {
    const at = bytes<T>(i);
    v128.store(to + at, v128.add<T>(v128.load(to + at), v128.load(from + at)));
  }
  for (; i < n; i++) {
    const at = bytes<T>(i);
    store<T>(to + at, <T>(load<T>(to + at) + load<T>(from + at)));
  }
}
