import { expand, type Sweep, type SweepRun } from "../../../../src/train/sweep.ts";

/** A page trains small sweeps; large ones belong to the command line. */
export const limits = { runs: 200, stepsInAll: 5_000_000 } as const;

/** The runs of a sweep that a page can train. @throws UsageError, or Error where it is too large */
export function runsForPage(sweep: Sweep): readonly SweepRun[] {
  const { runs } = expand(sweep);
  const steps = runs.reduce((sum, { plan }) => sum + Number(plan.training["steps"]), 0);
  if (runs.length <= limits.runs && steps <= limits.stepsInAll) return runs;
  throw new Error(
    `${runs.length} runs of ${steps.toLocaleString("en")} steps in all are more than a page trains; at most ` +
      `${limits.runs} runs and ${limits.stepsInAll.toLocaleString("en")} steps. Use groklab sweep for more.`,
  );
}
