import {
  labels,
  pairClasses,
  pairClassOf,
  type Extremes,
  type Label,
  type PairClass,
  type SweptRun,
} from "../../../../src/verdict/index.ts";

/** A run of a sweep, with what its class is decided by. */
export interface SweptDot extends SweptRun {
  readonly extremes?: Extremes | undefined;
}

/** Runs by the class that they may be given: a slider that moves makes no new ones. */
const labelled = new WeakMap<SweptDot, Partial<Record<PairClass, SweptDot>>>();

/** The runs with the labels of the published rule. Runs whose extremes are not known keep their verdict. */
export function relabelled(runs: readonly SweptDot[], m: number, r: number): readonly SweptDot[] {
  return runs.map((run) => {
    const { verdict, extremes } = run;
    if (!verdict || !extremes) return run;
    const className = pairClassOf(extremes, { m, r });
    const known = labelled.get(run) ?? {};
    labelled.set(run, known);
    return (known[className] ??= { ...run, verdict: { ...verdict, label: pairClasses[className], className } });
  });
}

export function tallyOf(runs: readonly SweptRun[]): Readonly<Record<Label, number>> {
  const counts = Object.fromEntries(labels.map((label) => [label, 0])) as Record<Label, number>;
  for (const { verdict } of runs) if (verdict) counts[verdict.label] += 1;
  return counts;
}
