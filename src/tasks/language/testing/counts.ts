/** How often each value occurs. */
export function count<T>(values: Iterable<T>): Map<T, number> {
  const found = new Map<T, number>();
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1);
  return found;
}

/** Share of each value. */
export function shares(values: readonly (string | number)[]): Record<string, number> {
  return Object.fromEntries([...count(values)].map(([value, n]) => [value, n / values.length]));
}

/** Distance of two counts of rare events in standard deviations of their difference; 0 where one is not known. */
export const zScore = (a: number, b: number): number => (Number.isNaN(b) ? 0 : (a - b) / Math.sqrt(Math.max(1, a + b)));
