/** A finished run of a depth sweep with what is measured of its last weights. */
export interface MeasuredRun {
  readonly depth: number;
  readonly seed: number;
  /** Final generalization accuracy. */
  readonly generalization: number;
  readonly measures: Readonly<Record<string, number>>;
}

/** Whether a measure tells which depth, or which seed, generalizes. Plain JSON. */
export interface DepthChoice {
  readonly measure: string;
  /** Depth with the largest mean of the measure: what it would pick; the smaller of equals. */
  readonly picks: number;
  /** Depth with the largest mean generalization. */
  readonly best: number;
  readonly right: boolean;
  /** Rank correlation with generalization over the seeds of each depth, of which there are at least three. */
  readonly acrossSeeds: readonly { readonly depth: number; readonly correlation: number }[];
}

/**
 * The rule, fixed beforehand: a measure picks the depth at which its mean over seeds is largest, and is right where that
 * depth generalizes best. Across seeds at one depth it is asked separately, by Spearman's rank correlation.
 */
export function depthChoices(runs: readonly MeasuredRun[]): readonly DepthChoice[] {
  const depths = [...new Set(runs.map(({ depth }) => depth))].sort((a, b) => a - b);
  const of = (depth: number) => runs.filter((run) => run.depth === depth);
  const largest = (value: (run: MeasuredRun) => number): number => {
    const means = depths.map((depth) => mean(of(depth).map(value)));
    return depths[means.indexOf(means.reduce((a, b) => Math.max(a, b)))];
  };
  if (runs.length === 0) return [];
  const best = largest(({ generalization }) => generalization);
  return Object.keys(runs[0].measures).map((measure) => {
    const value = ({ measures }: MeasuredRun): number => measures[measure];
    const picks = largest(value);
    return {
      ...{ measure, picks, best, right: picks === best },
      acrossSeeds: depths
        .filter((depth) => of(depth).length >= 3)
        .map((depth) => ({
          depth,
          correlation: spearman(
            of(depth).map(value),
            of(depth).map(({ generalization }) => generalization),
          ),
        })),
    };
  });
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Pearson's correlation of ranks; equal values share theirs. NaN where one side is constant. */
export function spearman(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranks(a), ranks(b)];
  const [mx, my] = [mean(x), mean(y)];
  const sum = (of: (i: number) => number): number => x.reduce((total, _, i) => total + of(i), 0);
  return sum((i) => (x[i] - mx) * (y[i] - my)) / Math.sqrt(sum((i) => (x[i] - mx) ** 2) * sum((i) => (y[i] - my) ** 2));
}

function ranks(values: readonly number[]): readonly number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}
