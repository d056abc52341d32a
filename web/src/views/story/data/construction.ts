/**
 * Two numbers below M, moved so that their sum or their difference is a given one while the other stays: a slider for each.
 * Where that would leave the clock, the number that meets its end stays there.
 */
export function move(
  a: number,
  b: number,
  modulus: number,
  to: { readonly sum: number } | { readonly difference: number },
): readonly [number, number] {
  const sum = "sum" in to ? to.sum : a + b;
  const difference = "difference" in to ? to.difference : a - b;
  const last = modulus - 1;
  // Half of an odd number is rounded up for the one and down for the other.
  let first = Math.ceil((sum + difference) / 2);
  let second = sum - first;
  if ("sum" in to) {
    if (first < 0 || second > last) [first, second] = first < 0 ? [0, sum] : [sum - last, last];
    if (second < 0 || first > last) [first, second] = second < 0 ? [sum, 0] : [last, sum - last];
  } else {
    second = first - difference;
    if (first > last || second < 0) [first, second] = first > last ? [last, last - difference] : [difference, 0];
    if (first < 0 || second > last) [first, second] = first < 0 ? [0, -difference] : [last + difference, last];
  }
  const inside = (n: number): number => Math.max(0, Math.min(last, n));
  return [inside(first), inside(second)];
}

/** The number that twice makes this sum on the clock; none for odd sums on even clocks. */
export function halfOf(sum: number, modulus: number): number | undefined {
  if (sum % 2 === 0) return (sum / 2) % modulus;
  return modulus % 2 === 1 ? ((sum + modulus) / 2) % modulus : undefined;
}
