import { UsageError, type Value } from "../../../src/options.ts";
import type { Experiment, Plan } from "../../../src/train/experiment.ts";
import { plan, sections, withOptions, type SectionName } from "../../../src/train/plan.ts";
import { limits } from "./limits.ts";
import type { Lineage } from "./lineage.ts";

/** What a link says of the view; every other name is an option of the Plan. */
export const viewKeys = ["fork", "over", "show", "run", "at", "log", "off"] as const;
const isViewKey = (key: string): boolean => (viewKeys as readonly string[]).includes(key);

const registries = ["task", "model", "optimizer"] as const;

/**
 * A lineage as the query of a link: every option of the Plan, so that a later change of a default changes no link, and one
 * `fork` for each change on the way. @throws UsageError where a link cannot hold it
 */
export function toParams({ plan, forks }: Lineage): URLSearchParams {
  const params = new URLSearchParams();
  for (const registry of registries) params.set(registry, plan[registry].name);
  for (const [section, name, value] of options(plan)) {
    const text = textOf(value);
    if (text.length > 2000) throw new UsageError(`${section}.${name}: a link cannot hold data of ${text.length} signs`);
    params.set(shortName(plan, section, name), text);
  }
  params.set("seed", String(plan.seed));
  let before = plan;
  for (const fork of forks) {
    const changed = changes(before, fork.plan).map(([key, value]) => `${key}=${textOf(value)}`);
    params.append("fork", [String(fork.at), ...changed].join(";"));
    before = fork.plan;
  }
  return params;
}

/** The lineage that a link means, its sizes unchecked. @throws UsageError that names what is wrong with it */
export function fromParams(params: URLSearchParams): Lineage {
  const given = [...params].filter(([key]) => !isViewKey(key));
  const base: Experiment = {
    task: { name: params.get("task") ?? "modular-addition" },
    model: { name: params.get("model") ?? "factored" },
    optimizer: { name: params.get("optimizer") ?? "adamw" },
  };
  const first = plan(withOptions(base, given));
  const texts = params.getAll("fork");
  if (texts.length > limits.forks) {
    throw new UsageError(
      `fork: ${texts.length} changes on the way are more than a page takes; at most ${limits.forks}`,
    );
  }
  const forks: { at: number; plan: Plan }[] = [];
  for (const text of texts) {
    const [step = "", ...assignments] = text.split(";");
    const at = Number(step);
    const last = forks.at(-1);
    if (!Number.isSafeInteger(at) || step.trim() === "" || at <= (last?.at ?? 0)) {
      throw new UsageError(`fork: ${JSON.stringify(text.slice(0, 40))} needs a step after ${last?.at ?? 0} first`);
    }
    const before = last?.plan ?? first;
    if (at > (before.training["steps"] as number)) {
      throw new UsageError(`fork: step ${at} lies after the end at ${String(before.training["steps"])}`);
    }
    const pairs = assignments.map((assignment) => {
      const split = assignment.indexOf("=");
      return [assignment.slice(0, Math.max(0, split)), assignment.slice(split + 1)] as const;
    });
    const next = plan(withOptions(before, pairs));
    checkFork(before, next);
    forks.push({ at, plan: next });
  }
  return { plan: first, forks };
}

/** Options that may change while a network is trained. */
export function mayChange(section: SectionName, name: string): boolean {
  return section === "optimizer" || (section === "training" && name !== "precision");
}

/** @throws UsageError where a change on the way would make it another network */
export function checkFork(before: Plan, next: Plan): void {
  if (before.seed !== next.seed) throw new UsageError("seed: a fork keeps the seed; start a new run for another");
  for (const registry of registries) {
    if (before[registry].name !== next[registry].name) {
      throw new UsageError(`${registry}: a fork keeps the ${registry}; start a new run for another`);
    }
  }
  for (const [key] of changes(before, next)) {
    const [section, name] = key.split(".");
    if (!mayChange(section as SectionName, name)) {
      throw new UsageError(`${key}: cannot change while a network is trained; start a new run`);
    }
  }
}

/** The options that differ, as `section.name` and the new value. */
export function changes(before: Plan, next: Plan): readonly (readonly [key: string, value: Value])[] {
  return options(next).flatMap(([section, name, value]) =>
    textOf(before[section][name] ?? "") === textOf(value) ? [] : [[`${section}.${name}`, value] as const],
  );
}

export const textOf = (value: Value): string => (typeof value === "object" ? value.join(",") : String(value));

/** Every option of a Plan but the names of its registry entries. */
export function options(plan: Plan): readonly (readonly [section: SectionName, name: string, value: Value])[] {
  return sections.flatMap((section) =>
    Object.entries(plan[section]).flatMap(([name, value]) =>
      name === "name" && (registries as readonly string[]).includes(section) ? [] : [[section, name, value] as const],
    ),
  );
}

/** Without the section, where only one has the name and it is no word of the view. */
function shortName(plan: Plan, section: SectionName, name: string): string {
  const having = sections.filter((other) => Object.hasOwn(plan[other], name));
  return having.length === 1 && !isViewKey(name) && !(registries as readonly string[]).includes(name)
    ? name
    : `${section}.${name}`;
}
