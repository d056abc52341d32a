/** Share of the commonest label: what a guess that knows only the labels' frequencies gets right. */
export function largestShare(labels: Int32Array | readonly number[]): number {
  const counts = new Map<number, number>();
  let largest = 0;
  for (const label of labels) {
    const count = (counts.get(label) ?? 0) + 1;
    counts.set(label, count);
    if (count > largest) largest = count;
  }
  return largest / labels.length;
}
