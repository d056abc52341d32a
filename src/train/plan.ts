import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { findModel, type ModelDefinition } from "../models/index.ts";
import { findOptimizer, type OptimizerDefinition } from "../optim/index.ts";
import {
  checked,
  int,
  parseText,
  quoted,
  resolve,
  shownName,
  suggestion,
  text,
  UsageError,
  type Field,
  type Fields,
  type Value,
} from "../options.ts";
import { findTask, splitFields, type TaskDefinition } from "../tasks/index.ts";
import type { Experiment, Plan } from "./experiment.ts";
import { sequenceTrainingFields, trainingFields } from "./fields.ts";

export const seedField = int(0, "draws everything that is random", { min: 0, max: Number.MAX_SAFE_INTEGER });

/** The sections of an Experiment, in the order in which a short option name is looked up. */
export const sections = ["training", "optimizer", "model", "task", "split"] as const;
export type SectionName = (typeof sections)[number];

interface Definitions {
  readonly task: TaskDefinition;
  readonly model: ModelDefinition;
  readonly optimizer: OptimizerDefinition;
}

/** The registry entries that an Experiment names. @throws UsageError with the nearest known name */
export function definitions(experiment: Experiment): Definitions {
  return {
    task: findTask(sectionName(experiment, "task")),
    model: findModel(sectionName(experiment, "model")),
    optimizer: findOptimizer(sectionName(experiment, "optimizer")),
  };
}

function sectionName(experiment: Experiment, section: "task" | "model" | "optimizer"): string {
  const given: unknown = experiment[section];
  if (isRecord(given) && typeof given["name"] === "string") return given["name"];
  throw new UsageError(`${section}: give an object with a name, such as { "name": "…" }`);
}

/** The fields of each section of this Experiment: what flags, forms and documentation list. */
export function fieldsOf(experiment: Experiment): Readonly<Record<SectionName, Fields>> {
  const { task, model, optimizer } = definitions(experiment);
  return {
    training: task.inputs === "sequences" ? sequenceTrainingFields : trainingFields,
    optimizer: optimizer.fields,
    model: model.fields,
    task: task.fields,
    // A task that draws its own train and test examples leaves nothing to split.
    split: task.examples === "table" ? splitFields : {},
  };
}

/** Every default written out, every value checked. @throws UsageError that names the option */
export function plan(experiment: Experiment): Plan {
  if (!isRecord(experiment)) throw new UsageError("experiment: give an object with task, model and optimizer");
  const known = [...sections, "seed"] as readonly string[];
  for (const key of Object.keys(experiment)) {
    if (!known.includes(key)) {
      throw new UsageError(
        `experiment.${shownName(key)}: unknown; known: ${known.join(", ")}${suggestion(key, known)}`,
      );
    }
  }
  const fields = fieldsOf(experiment);
  const { task, model, optimizer } = definitions(experiment);
  if (task.inputs !== model.inputs) {
    throw new UsageError(`model ${model.name}: takes ${model.inputs}, but task ${task.name} gives ${task.inputs}`);
  }
  const section = (name: SectionName): Readonly<Record<string, Value>> => {
    const given: unknown = experiment[name] ?? {};
    if (!isRecord(given)) throw new UsageError(`${name}: give an object of options`);
    const { name: _, ...rest } = given;
    return resolve(fields[name], name === "training" || name === "split" ? given : rest, name);
  };
  return {
    task: { name: task.name, ...section("task") },
    split: section("split"),
    model: { name: model.name, ...section("model") },
    optimizer: { name: optimizer.name, ...section("optimizer") },
    training: section("training"),
    seed: checked(seedField, experiment.seed ?? seedField.default, "seed") as number,
  };
}

/**
 * The Experiment with one option changed, as `--set` and the address bar give it: `optimizer.weightDecay=0.1`, the same
 * without the section where only one has the name, `seed=3`, or `task=sparse-parity` for another entry of a registry.
 */
export const withOption = (experiment: Experiment, key: string, text: string): Experiment =>
  changed(experiment, key, (field, name) => parseText(field, text, name));

/** The same with the value itself, as a sweep's axis gives it. */
export const withValue = (experiment: Experiment, key: string, value: Value): Experiment =>
  changed(experiment, key, (field, name) => checked(field, value, name));

function changed(experiment: Experiment, key: string, read: (field: Field, name: string) => Value): Experiment {
  if (key === "seed") return { ...experiment, seed: read(seedField, "seed") as number };
  if (isRegistry(key)) {
    const changed: Experiment = { ...experiment, [key]: { name: read(nameField, key) as string } };
    const { task } = definitions(changed); // names the nearest when the name is unknown
    if (task.examples === "table") return changed;
    const { split: _, ...unsplit } = changed; // nothing to split: the task draws its own halves
    return unsplit;
  }
  const fields = fieldsOf(experiment);
  const [section, name] = locate(fields, key);
  const value = read(fields[section][name], `${section}.${name}`);
  return { ...experiment, [section]: { ...experiment[section], [name]: value } };
}
const nameField = text("", "entry of a registry");

/** The full name and field of an option that may be given short: `optimizer.weightDecay` for `weightDecay`. @throws UsageError */
export function option(experiment: Experiment, key: string): { readonly name: string; readonly field: Field } {
  if (key === "seed") return { name: key, field: seedField };
  if (isRegistry(key)) return { name: key, field: nameField };
  const fields = fieldsOf(experiment);
  const [section, name] = locate(fields, key);
  return { name: `${section}.${name}`, field: fields[section][name] };
}

/**
 * The Experiment with several options changed. Entries of a registry are changed first, in whatever order they are
 * given: another optimizer begins with its own defaults, and the options given beside it are meant for it.
 */
export function withOptions(
  experiment: Experiment,
  options: readonly (readonly [key: string, text: string])[],
): Experiment {
  return entriesFirst(options).reduce((changed, [key, text]) => withOption(changed, key, text), experiment);
}

/** Those that name another entry of a registry before those that are options of it. */
export function entriesFirst<T extends readonly [key: string, ...unknown[]]>(options: readonly T[]): readonly T[] {
  return [...options.filter(([key]) => isRegistry(key)), ...options.filter(([key]) => !isRegistry(key))];
}
const isRegistry = (key: string): boolean => ["task", "model", "optimizer"].includes(key);

function locate(fields: Readonly<Record<SectionName, Fields>>, key: string): [SectionName, string] {
  const all = sections.flatMap((section) => Object.keys(fields[section]).map((name) => [section, name] as const));
  const found = all.filter(([section, name]) => key === name || key === `${section}.${name}`);
  if (found.length === 1) return [...found[0]];
  if (found.length > 1) {
    throw new UsageError(
      `${key}: several sections have it; give ${found.map((place) => place.join(".")).join(" or ")}`,
    );
  }
  const names = key.includes(".") ? all.map((place) => place.join(".")) : all.map(([, name]) => name);
  throw new UsageError(
    `unknown option ${quoted(key)}; known: ${[...new Set(names)].join(", ")}${suggestion(key, names)}`,
  );
}

/** JSON with sorted keys: equal Plans have equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`).join(",")}}`;
}

/** `<task>-<model>-<hash of the Plan without its seed>-s<seed>`: the same Plan is the same run. */
export function runId(plan: Plan): string {
  return `${runGroup(plan)}-s${plan.seed}`;
}

/** What the ids of all seeds of a Plan share. */
export function runGroup(plan: Plan): string {
  const { seed: _, ...rest } = plan;
  const hash = bytesToHex(sha256(utf8ToBytes(canonicalJson(rest)))).slice(0, 10);
  return `${plan.task.name}-${plan.model.name}-${hash}`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
