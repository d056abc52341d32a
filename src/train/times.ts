/**
 * The steps of a schedule from 0 to `steps`, both included, ascending: `every` steps apart, or n · (growth - 1) apart
 * where that is more. They depend on nothing else, so a resumed run looks at the same steps. `every` 0: only the last.
 */
export function* times(every: number, growth: number, steps: number): Generator<number> {
  if (every > 0) {
    for (let step = 0; step < steps; step += Math.max(every, Math.floor(step * (growth - 1)))) yield step;
  }
  yield steps;
}

/** Whether a step is among ascending `steps`, asked for ascending steps from `first` on: the list is never held whole. */
export function due(steps: Generator<number>, first: number): (step: number) => boolean {
  let next = steps.next();
  const skipTo = (step: number): void => {
    while (!next.done && next.value < step) next = steps.next();
  };
  skipTo(first);
  return (step) => {
    skipTo(step);
    return !next.done && next.value === step;
  };
}
