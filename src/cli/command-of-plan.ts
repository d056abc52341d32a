import { experiments } from "../../experiments/index.ts";
import { canonicalJson, plan as writtenOut, sections } from "../train/plan.ts";
import type { Plan } from "../train/experiment.ts";

/** More changes than these are better said in a file. */
const mostChanges = 8;

/**
 * The arguments of `groklab run` that train this Plan: the declared experiment that it differs least from, with what
 * differs. Undefined where no declared experiment is near.
 */
export function commandOfPlan(plan: Plan): readonly string[] | undefined {
  const near = experiments.flatMap(({ name, experiment }) => {
    const changes = changesOf(writtenOut(experiment), plan);
    return changes === undefined || changes.length > 2 * mostChanges ? [] : [{ name, changes }];
  });
  const best = near.sort((x, y) => x.changes.length - y.changes.length)[0];
  return best && ["run", best.name, ...best.changes];
}

/** The flags that make one Plan of another; undefined where task, model or optimizer is not the same. */
function changesOf(from: Plan, to: Plan): readonly string[] | undefined {
  const flags: string[] = [];
  for (const section of sections) {
    if ((from[section] as { name?: unknown }).name !== (to[section] as { name?: unknown }).name) return undefined;
    for (const [key, value] of Object.entries(to[section])) {
      if (canonicalJson(value) === canonicalJson(from[section][key])) continue;
      const text = Array.isArray(value) ? value.join(",") : String(value);
      if (text.length > 200) return undefined; // a user's own data
      flags.push("--set", `${section}.${key}=${text}`);
    }
  }
  if (from.seed !== to.seed) flags.push("--seed", String(to.seed));
  return flags;
}
