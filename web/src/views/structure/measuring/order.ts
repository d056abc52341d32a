/** Ascending steps in the order in which they are measured: the last, the first, and then always between two known ones. */
export function fromCoarse(steps: readonly number[]): readonly number[] {
  const order = new Set<number>();
  const last = steps.length - 1;
  for (let stride = 1; stride < 2 * steps.length; stride *= 2) {
    for (let part = stride; part >= 0; part--) order.add(Math.round((last * part) / stride));
  }
  return last < 0 ? [] : Array.from(order, (i) => steps[i]);
}
