import { models } from "../../../../src/models/index.ts";
import { optimizers } from "../../../../src/optim/index.ts";
import { parseText, UsageError, type Field } from "../../../../src/options.ts";
import { findTask, tasks } from "../../../../src/tasks/index.ts";
import type { Experiment, Plan } from "../../../../src/train/experiment.ts";
import { fieldsOf, plan, seedField, type SectionName } from "../../../../src/train/plan.ts";
import { options, textOf } from "../../training/address.ts";
import { checkLimits } from "../../training/limits.ts";

export const registries = { task: tasks, model: models, optimizer: optimizers } as const;
export type Registry = keyof typeof registries;

/** The sections of the form, in the order in which one thinks of them. */
export const formSections = ["task", "split", "model", "optimizer", "training"] as const;

export interface FormField {
  /** `optimizer.weightDecay`: what messages call it. */
  readonly key: string;
  readonly section: SectionName;
  readonly name: string;
  readonly field: Field;
}

export type Checked =
  | { readonly plan: Plan; readonly errors: Readonly<Record<string, string>>; readonly message?: undefined }
  | { readonly plan?: undefined; readonly errors: Readonly<Record<string, string>>; readonly message: string };

/** An experiment being written: texts as they stand in the form, whatever they are, and what is wrong with them. */
export class Draft {
  names = $state<Record<Registry, string>>({ task: "", model: "", optimizer: "" });
  texts = $state<Record<string, string>>({});
  seed = $state("0");

  readonly fields = $derived.by((): Readonly<Record<SectionName, readonly FormField[]>> => {
    const base = this.#base();
    const entries = Object.entries(fieldsOf(base)).map(([section, fields]) => [
      section,
      Object.entries(fields).map(([name, field]) => ({ key: `${section}.${name}`, section, name, field })),
    ]);
    return Object.fromEntries(entries) as Record<SectionName, readonly FormField[]>;
  });

  /** Models whose inputs are what the task gives. */
  readonly fittingModels = $derived(
    models.filter(({ inputs }) => inputs === findTask(this.names.task).inputs).map(({ name }) => name),
  );

  readonly checked = $derived.by((): Checked => this.#check());

  constructor(from: Plan) {
    this.load(from);
  }

  /** Shows a Plan, as it is. */
  load(from: Plan): void {
    this.names = { task: from.task.name, model: from.model.name, optimizer: from.optimizer.name };
    this.texts = Object.fromEntries(options(from).map(([section, name, value]) => [`${section}.${name}`, textOf(value)])); // prettier-ignore
    this.seed = String(from.seed);
  }

  /** Another entry of a registry: its options begin at their defaults, and a model that does not fit gives way. */
  choose(registry: Registry, name: string): void {
    this.names[registry] = name;
    this.#forget(registry);
    if (registry !== "task") return;
    this.#forget("split");
    if (!this.fittingModels.includes(this.names.model)) {
      this.names.model = this.fittingModels[0] ?? this.names.model;
      this.#forget("model");
    }
    // A unit of the loss that the other kind of task has not is no reason to refuse it.
    this.texts = Object.fromEntries(Object.entries(this.texts).filter(([key]) => !["training.loss", "training.clip"].includes(key))); // prettier-ignore
  }

  textFor({ key, field }: FormField): string {
    return this.texts[key] ?? textOf(field.default);
  }
  set(key: string, text: string): void {
    this.texts = { ...this.texts, [key]: text };
  }
  isDefault({ key, field }: FormField): boolean {
    return (this.texts[key] ?? textOf(field.default)) === textOf(field.default);
  }

  #forget(section: string): void {
    this.texts = Object.fromEntries(Object.entries(this.texts).filter(([key]) => !key.startsWith(`${section}.`)));
  }

  #base(): Experiment {
    const { task, model, optimizer } = this.names;
    return { task: { name: task }, model: { name: model }, optimizer: { name: optimizer } };
  }

  #check(): Checked {
    const errors: Record<string, string> = {};
    const experiment: Record<string, Record<string, unknown>> = { ...this.#base() } as never;
    for (const section of formSections) {
      const values: Record<string, unknown> = { ...experiment[section] };
      for (const each of this.fields[section]) {
        try {
          values[each.name] = parseText(each.field, this.textFor(each), each.key);
        } catch (error) {
          errors[each.key] = wordsOf(error, each.key);
        }
      }
      experiment[section] = values;
    }
    let seed = 0;
    try {
      seed = parseText(seedField, this.seed, "seed") as number;
    } catch (error) {
      errors["seed"] = wordsOf(error, "seed");
    }
    const wrong = Object.keys(errors).length;
    if (wrong > 0)
      return { errors, message: wrong === 1 ? "One value is not allowed" : `${wrong} values are not allowed` };
    try {
      const made = plan({ ...experiment, seed } as unknown as Experiment);
      checkLimits(made);
      return { plan: made, errors };
    } catch (error) {
      return placed(error);
    }
  }
}

/** An error beside the field that it names, or for the whole form. */
export function placed(error: unknown): Extract<Checked, { plan?: undefined }> {
  const message = error instanceof Error ? error.message : String(error);
  const key = /^([a-z]+\.[A-Za-z0-9]+): /.exec(message)?.[1];
  return key === undefined
    ? { errors: {}, message }
    : { errors: { [key]: wordsOf(error, key) }, message: "One value is not allowed" };
}

function wordsOf(error: unknown, key: string): string {
  if (!(error instanceof UsageError)) throw error;
  return error.message.startsWith(`${key}: `) ? error.message.slice(key.length + 2) : error.message;
}
