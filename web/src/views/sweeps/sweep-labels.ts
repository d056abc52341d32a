import { labels, pairClassOf, type Extremes, type Label, type SweptRun } from "../../../../src/verdict/index.ts";

/** A run of a sweep, with what its class is decided by. */
export interface SweptDot extends SweptRun {
  readonly extremes?: Extremes | undefined;
}

const pairLabels = {
  "High Train Loss": "fail",
  "High Test Loss": "memorize",
  "Train/Test Drop Together": "generalize",
  Grokking: "grok",
} as const satisfies Record<ReturnType<typeof pairClassOf>, Label>;

/** The runs with the labels of the published rule. Runs whose extremes are not known keep their verdict. */
export function relabelled(runs: readonly SweptDot[], m: number, r: number): readonly SweptDot[] {
  return runs.map((run) => {
    const { verdict, extremes } = run;
    if (!verdict || !extremes) return run;
    const className = pairClassOf(extremes, { m, r });
    return { ...run, verdict: { ...verdict, label: pairLabels[className], className } };
  });
}

export function tallyOf(runs: readonly SweptRun[]): Readonly<Record<Label, number>> {
  const counts = Object.fromEntries(labels.map((label) => [label, 0])) as Record<Label, number>;
  for (const { verdict } of runs) if (verdict) counts[verdict.label] += 1;
  return counts;
}
