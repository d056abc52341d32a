import type { Eval } from "../train/eval.ts";
import type { Plan } from "../train/experiment.ts";
import type { RunRecord } from "../runs/store.ts";
import type { Verdict } from "../verdict/index.ts";

/** An Eval as a line of `--json`. What is not finite is written as null, as JSON does. */
export const evalJson = ({ step, train, test, normL1, normL2, measures }: Eval) => ({
  type: "eval",
  step,
  train,
  test,
  normL1,
  normL2,
  ...(measures && { measures }),
});

/** The status in a word: a run that nobody trains any more, though it was never ended, was killed. */
export const statusWord = ({ status, heldBy }: Pick<RunRecord, "status" | "heldBy">): string =>
  status === "running" && heldBy === undefined ? "killed" : status;

/** The last line of `--json`. */
export const summaryJson = (record: RunRecord, verdict: Verdict | undefined, store: string) => ({
  type: "summary",
  id: record.id,
  status: record.status,
  heldBy: record.heldBy ?? null,
  steps: record.step,
  seconds: record.seconds,
  verdict: verdict ?? null,
  weightsHash: record.weightsHash ?? null,
  note: record.note ?? null,
  software: record.software,
  store,
  plan: record.plan satisfies Plan,
});
