import { choice, float, UsageError, type Values } from "../options.ts";
import { numpyLegacy, type Random } from "../rng.ts";
import { countOf } from "./sequences.ts";
import type { Task } from "./task.ts";

export const splitFields = {
  trainFraction: float(
    0.4,
    "share of the examples trained on (a task that draws its examples sets their numbers itself)",
    {
      min: 0,
      max: 1,
      exclusiveMin: true,
    },
  ),
  orbits: choice(
    ["apart", "together"],
    "apart",
    "apart: every example on its own; together: mirrored examples are either all trained on or all tested on",
  ),
  stream: choice(
    ["named", "numpy"],
    "named",
    "named: groklab's own; numpy: numpy.random.seed(seed) and one permutation, as published runs were split",
  ),
};
export type SplitOptions = Values<typeof splitFields>;

/** The two halves of a task's examples: indices of examples, in the order in which they were drawn. */
export interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * Divides the examples of a task. Of n examples in random order the first ⌊trainFraction n⌋ are for training (the
 * product is rounded as a float64 before the floor, as Python's `int(trainFraction * n)` is).
 *
 * With `orbits: "together"` it is the orbits that are put in random order; whole orbits are taken until that number of
 * examples is reached, so that training has it or up to one orbit less one example more. Inside an orbit the examples
 * keep their order.
 *
 * A task that draws its examples brings its own halves; the options then change nothing. Of sequences all are for
 * training; the test half numbers those of the generalization set.
 * @throws UsageError when a half would be empty
 */
export function splitTask(task: Task, options: SplitOptions, random: Random): Split {
  const all = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);
  if (task.inputs.kind === "sequences")
    return { train: all(task.n), test: all(countOf(task.inputs.generalization.sequences)) };
  if (task.trainSize !== undefined) {
    return halves(all(task.n), task.trainSize, options);
  }
  const permutation = (size: number) =>
    options.stream === "numpy" ? numpyLegacy(random.seed).permutation(size) : random.stream("split").permutation(size);
  const wanted = Math.floor(options.trainFraction * task.n);
  if (options.orbits === "apart" || task.orbits === undefined) return halves(permutation(task.n), wanted, options);

  const members = byOrbit(task.orbits);
  const order = new Int32Array(task.n);
  let filled = 0;
  let taken = 0;
  for (const orbit of permutation(members.length)) {
    order.set(members[orbit], filled);
    filled += members[orbit].length;
    if (taken < wanted) taken = filled;
  }
  return halves(order, taken, options);
}

function halves(order: Int32Array, trainSize: number, { trainFraction }: SplitOptions): Split {
  const n = order.length;
  if (trainSize < 1 || trainSize >= n) {
    const half = trainSize < 1 ? "training" : "testing";
    throw new UsageError(`split.trainFraction: ${trainFraction} of ${n} examples leaves none for ${half}`);
  }
  return { train: order.slice(0, trainSize), test: order.slice(trainSize) };
}

/** Examples of each orbit, ascending; orbits in order of their first example. */
function byOrbit(orbits: Int32Array): number[][] {
  const members = new Map<number, number[]>();
  orbits.forEach((orbit, example) => {
    const known = members.get(orbit);
    if (known) known.push(example);
    else members.set(orbit, [example]);
  });
  return [...members.values()];
}
