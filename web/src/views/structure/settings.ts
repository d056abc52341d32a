import { depthOf, type StructureRun } from "./structure-facts.ts";

/** Runs of a task that differ in their depth and seed alone. */
export interface Setting {
  /** What tells it from the setting of most runs, in words. */
  readonly name: string;
  readonly runs: readonly StructureRun[];
}

type Options = ReadonlyMap<string, string>;

/** Everything of a Plan but its depth and its seed. */
function optionsOf({ plan }: StructureRun): Options {
  const { task, split, model, optimizer, training } = plan;
  return new Map(
    Object.entries({ task, split, model, optimizer, training }).flatMap(([section, options]) =>
      Object.entries(options).flatMap(([name, value]) =>
        section === "model" && name === "nLayers" ? [] : [[`${section}.${name}`, shortly(value)] as const],
      ),
    ),
  );
}
const shortly = (value: unknown): string => {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
};

/**
 * The runs of one task by what else was the same for them, the setting with the most runs first. The negative controls of
 * an experiment are no further seeds of it.
 */
export function settingsOf(runs: readonly StructureRun[]): readonly Setting[] {
  const groups = new Map<string, { readonly options: Options; readonly runs: StructureRun[] }>();
  for (const run of runs) {
    const options = optionsOf(run);
    const key = JSON.stringify([...options]);
    const group = groups.get(key);
    if (group) group.runs.push(run);
    else groups.set(key, { options, runs: [run] });
  }
  const all = [...groups.values()].sort(
    (a, b) => b.runs.length - a.runs.length || (a.runs[0].id < b.runs[0].id ? -1 : 1),
  );
  const main = all.at(0)?.options ?? new Map<string, string>();
  const called = all.map(({ options }) =>
    [...new Set([...main.keys(), ...options.keys()])]
      .filter((name) => options.get(name) !== main.get(name))
      .map((name) => `${name.replace(/^\w+\./, "")} ${options.get(name) ?? "–"}`)
      .join(", "),
  );
  return all.map(({ runs: members }, i) => ({
    // Data of one's own are told apart by no short name.
    name: `${called[i] || "that of most runs"}${called.indexOf(called[i]) < i ? ` (${i + 1})` : ""}`,
    runs: members.toSorted((a, b) => depthOf(a) - depthOf(b) || a.plan.seed - b.plan.seed),
  }));
}
