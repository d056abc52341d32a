import type { Value } from "../../src/options.ts";
import type { Label, Verdict } from "../../src/verdict/index.ts";
import { plan, runId } from "../../src/train/plan.ts";
import type { SweptRun } from "../../src/verdict/sweep-table.ts";

/** A run of sparse parity at these options (full names) that ended so; `null` has no verdict. */
export function planted(
  options: Readonly<Record<string, Value>>,
  seed: number,
  verdict: Partial<Verdict> | Label | null,
): SweptRun {
  const sections: Record<string, Record<string, Value>> = {};
  for (const [name, value] of Object.entries(options)) {
    const [section, option] = name.split(".");
    (sections[section] ??= {})[option] = value;
  }
  const made = plan({
    task: { name: "sparse-parity", ...sections["task"] },
    model: { name: "bit-mlp", ...sections["model"] },
    optimizer: { name: "adamw", ...sections["optimizer"] },
    training: { steps: 20_000, ...sections["training"] },
    seed,
  });
  const given = typeof verdict === "string" ? { label: verdict } : verdict;
  return {
    id: runId(made),
    plan: made,
    status: given === null ? "running" : "finished",
    ...(given && {
      verdict: {
        label: "memorize",
        className: null,
        fitStep: 500,
        generalizeStep: given.label === "grok" || given.label === "generalize" ? 5000 : null,
        lastStep: 20_000,
        ...given,
      },
    }),
  };
}
