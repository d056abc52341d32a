import type { Plan } from "../train/experiment.ts";
import { canonicalJson, plan as writtenOut } from "../train/plan.ts";

const longest = 60;

/** Each section of a Plan with what differs from the defaults. */
export function planDifferences(plan: Plan): readonly (readonly [section: string, text: string])[] {
  const defaults = defaultsOf(plan);
  const sections = (["task", "split", "model", "optimizer", "training"] as const).map((section) => {
    const { name, ...options } = plan[section];
    const set = Object.entries(options).filter(([key, value]) => canonicalJson(value) !== canonicalJson(defaults?.[section][key])); // prettier-ignore
    const text = set.map(([key, value]) => `${key}=${clip(String(value))}`).join(" ");
    return [section, [name, text].filter((part) => part !== undefined && part !== "").join(" ")] as const;
  });
  return [...sections.filter(([, text]) => text !== ""), ["seed", String(plan.seed)]];
}

/** Undefined for a Plan whose options this version no longer has: everything is shown then. */
function defaultsOf({ task, model, optimizer }: Plan): Plan | undefined {
  try {
    return writtenOut({ task: { name: task.name }, model: { name: model.name }, optimizer: { name: optimizer.name } });
  } catch {
    return undefined;
  }
}

/** Data of the user's own are told by their size: coded lines mean nothing to a reader. */
const clip = (text: string): string => {
  if (text.length <= longest) return text;
  const lines = text.split("\n").length;
  const size = `${text.length} characters${lines > 1 ? ` in ${lines} lines` : ""}`;
  return lines > 1 ? `… (${size})` : `${text.slice(0, longest - 1)}… (${size})`;
};
