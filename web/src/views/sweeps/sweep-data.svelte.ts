import type { Eval } from "../../../../src/train/eval.ts";
import { sweeps } from "../../../../experiments/index.ts";
import { runId } from "../../../../src/train/plan.ts";
import type { Timed } from "../../../../src/verdict/index.ts";
import { expand } from "../../../../src/train/sweep.ts";
import { recordingsOf } from "../story/data/recordings.ts";
import { relabelled, tallyOf, type SweptDot } from "./sweep-labels.ts";

/** Where the runs of a sweep come from. */
export interface SweepSource {
  readonly name: string;
  readonly title: string;
  /** Unit of the thresholds and of the curves. */
  readonly unit: string;
  /** @throws Error in one sentence, `AbsentError` where there is no such sweep here */
  load(): Promise<readonly SweptDot[]>;
  /** Curves of some runs. */
  curves(ids: readonly string[]): Promise<ReadonlyMap<string, readonly Eval[]>>;
}

/** The sweep is not here: not an error, but something to be told how it is made. */
export class AbsentError extends Error {
  override name = "AbsentError";
}

/**
 * How the dots are colored: by the verdicts that were stored, by the published rule at the chosen thresholds, or by when
 * something happened to a run.
 */
export type Rule = "verdict" | "pair" | Timed;

/** A sweep as a page shows it. Reactive. */
export class SweepData {
  readonly source: SweepSource;
  state = $state<"none" | "loading" | "ready" | "absent" | "failed">("none");
  problem = $state<string | undefined>();
  runs = $state.raw<readonly SweptDot[]>([]);
  rule = $state<Rule>("pair");
  /** Thresholds of the published rule, as powers of ten. */
  m = $state(1e-5);
  r = $state(5e4);
  readonly hasExtremes = $derived(this.runs.some(({ extremes }) => extremes !== undefined));
  readonly rows = $derived(this.rule === "pair" ? relabelled(this.runs, this.m, this.r) : this.runs);
  readonly shade = $derived(this.rule === "pair" || this.rule === "verdict" ? undefined : this.rule);
  readonly tally = $derived(tallyOf(this.rows));

  constructor(source: SweepSource) {
    this.source = source;
  }

  async load(): Promise<void> {
    if (this.state !== "none" && this.state !== "failed") return;
    this.state = "loading";
    try {
      this.set(await this.source.load());
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      this.state = error instanceof AbsentError ? "absent" : "failed";
    }
  }

  /** Other runs: some are over that were not. */
  set(runs: readonly SweptDot[]): void {
    this.runs = runs;
    if (!this.hasExtremes) this.rule = "verdict";
    this.state = "ready";
  }
}

/** A declared sweep that is shipped as a file of recordings. */
export function shippedSweep(name: string, title: string): SweepSource {
  const declared = sweeps.find((sweep) => sweep.name === name);
  const perClass = declared?.sweep.base.task.name === "modular-addition";
  return {
    ...{ name, title },
    // What the published rule decides by is in the published unit, whatever the run was trained with.
    unit: perClass ? "nats per example, divided by the number of answers" : "nats per example",
    load: async () => {
      const recordings = await recordingsOf(name).catch(() => {
        throw new AbsentError(`npx groklab sweep ${name}`);
      });
      // Axes may be named points that set several options together: only the declaration knows them.
      const settings = new Map(declared ? expand(declared.sweep).runs.map((run) => [run.id, run.setting]) : []);
      return recordings.map(({ plan, verdict, extremes }) => {
        const id = runId(plan);
        return { id, plan, verdict, extremes, setting: settings.get(id) };
      });
    },
    curves: async (ids) => {
      const wanted = new Set(ids);
      const found = (await recordingsOf(name)).map((recording) => [runId(recording.plan), recording.evals] as const);
      return new Map(found.filter(([id]) => wanted.has(id)));
    },
  };
}
