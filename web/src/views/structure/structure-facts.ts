import type { StructureMeasures } from "../../../../src/analyses/language/structure-measures.ts";
import type { Eval } from "../../../../src/train/eval.ts";
import type { Plan } from "../../../../src/train/experiment.ts";
import type { RunSource } from "../../stores/run-source.ts";

/** A transformer's run, as the view needs it. Its `train` is the in-domain set, its `test` the generalization set. */
export interface StructureRun {
  readonly id: string;
  readonly plan: Plan;
  readonly evals: readonly Eval[];
  /** Where its weights are kept; of a recording they are not. */
  readonly source?: RunSource | undefined;
  /** The step it is at, where it may go on. */
  readonly step?: number | undefined;
}

/** Accuracy on the generalization set from which a run counts as having found the tree: the published threshold. */
export const threshold = 0.8;

export const isStructure = ({ model }: Plan): boolean => model.name === "transformer";
export const depthOf = ({ plan }: Pick<StructureRun, "plan">): number => Number(plan.model["nLayers"] ?? 0);

/** Where one who watches the in-domain accuracy would have stopped: the first evaluation that none surpassed. */
export function earlyStop(evals: readonly Eval[]): Eval | undefined {
  let best: Eval | undefined;
  for (const e of evals) if (!best || e.train.accuracy > best.train.accuracy) best = e;
  return best;
}

/** Of the runs of one depth, how many ever reached the threshold, and how many end above it. */
export interface DepthRow {
  readonly depth: number;
  /** Those that are over: of one that is being trained nobody knows its end. */
  readonly runs: number;
  readonly ever: number;
  readonly atEnd: number;
  /** Had training stopped early. */
  readonly early: number;
}

const isOver = ({ plan, evals }: StructureRun): boolean => (evals.at(-1)?.step ?? -1) >= Number(plan.training["steps"]);

export function depthRows(runs: readonly StructureRun[]): readonly DepthRow[] {
  const depths = [...new Set(runs.map(depthOf))].sort((a, b) => a - b);
  const reached = (e: Eval | undefined): boolean => e !== undefined && e.test.accuracy >= threshold;
  return depths.map((depth) => {
    const here = runs.filter((run) => depthOf(run) === depth && isOver(run));
    return {
      depth,
      runs: here.length,
      ever: here.filter(({ evals }) => evals.some(reached)).length,
      atEnd: here.filter(({ evals }) => reached(evals.at(-1))).length,
      early: here.filter(({ evals }) => reached(earlyStop(evals))).length,
    };
  });
}

/** Further measures of these runs whose names hold one of the words, in the order in which they first appear. */
export function measuresNamed(runs: readonly StructureRun[], words: RegExp): readonly string[] {
  const names = new Set(runs.flatMap(({ evals }) => evals.flatMap(({ measures }) => Object.keys(measures ?? {}))));
  return [...names].filter((name) => words.test(name));
}

/** A run with what was measured of its checkpoints. */
export function withMeasures(run: StructureRun, found: ReadonlyMap<number, StructureMeasures>): StructureRun {
  if (found.size === 0) return run;
  const evals = run.evals.map((e) => {
    const measures = found.get(e.step);
    return measures ? { ...e, measures: { ...e.measures, ...measures } } : e;
  });
  return { ...run, evals };
}

/** The last value of each measure below a prefix, e.g. the accuracy of each construction. */
export function lastOf(evals: readonly Eval[], prefix: string): readonly (readonly [name: string, value: number])[] {
  const last = evals.findLast(({ measures }) => Object.keys(measures ?? {}).some((name) => name.startsWith(prefix)));
  return Object.entries(last?.measures ?? {})
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => [name.slice(prefix.length), value] as const);
}
