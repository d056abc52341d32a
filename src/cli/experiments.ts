import { experiments } from "../../experiments/index.ts";
import { named, nearest, UsageError } from "../options.ts";
import { countOf, type Task } from "../tasks/index.ts";
import { readJson, type JsonNode } from "../tasks/tables/json.ts";
import type { Experiment, Plan } from "../train/experiment.ts";
import { fieldsOf, plan, withOption, withOptions } from "../train/plan.ts";
import { setUp } from "../train/setup.ts";
import type { DeclaredExperiment } from "../verdict/declared.ts";
import { readText } from "./files.ts";

/** What the flags of `run` change of an Experiment. */
export interface Changes {
  readonly set?: readonly string[];
  /** Files for the task's own data. */
  readonly data?: readonly string[];
  readonly seed?: string;
  readonly steps?: string;
}

/** An experiment as it was asked for. */
export interface Chosen {
  /** What the user called it. */
  readonly name: string;
  /** Present for a declared experiment, whether or not flags changed it. */
  readonly declared?: DeclaredExperiment;
  readonly plan: Plan;
  /** Nothing was changed: the declared claims speak of this very Plan. */
  readonly asDeclared: boolean;
  /** How many examples each half has; of sequences those trained on and those of the generalization set. */
  readonly examples: { readonly train: number; readonly test: number };
  readonly task: Task;
}

/** @throws UsageError for an unknown name, a file or option that is not allowed, and options that do not fit each other */
export function chooseExperiment(what: string, changes: Changes, cwd: string): Chosen {
  const isFile = /\.json$/i.test(what) || /[\\/]/.test(what);
  const declared = isFile ? undefined : findExperiment(what);
  const base = declared?.experiment ?? readExperiment(what, cwd);
  const before = plan(base);
  const made = plan(changed(base, changes, cwd));
  const { split, task } = setUp(made); // what only task, split and model together can tell must be told before anything is stored
  const asDeclared = declared !== undefined && JSON.stringify(before) === JSON.stringify(made);
  const { inputs } = task;
  const tested = inputs.kind === "sequences" ? countOf(inputs.generalization.sequences) : split.test.length;
  const examples = { train: split.train.length, test: tested };
  return { name: what, plan: made, asDeclared, examples, task, ...(declared ? { declared } : {}) };
}

export function findExperiment(name: string): DeclaredExperiment {
  try {
    return named(experiments, name, "experiment");
  } catch (error) {
    const near = nearest(name, experiments.map((experiment) => experiment.name)); // prettier-ignore
    if (near !== undefined) throw error;
    throw new UsageError(`${(error as Error).message}; or give a file.json that holds an experiment`);
  }
}

/** The Experiment with what the flags change. @throws UsageError */
export function changed(base: Experiment, { set = [], data, seed, steps }: Changes, cwd: string): Experiment {
  let experiment = withOptions(base, set.map(assignment));
  if (data !== undefined) experiment = withData(experiment, data, cwd);
  if (seed !== undefined) experiment = withOption(experiment, "seed", seed);
  if (steps !== undefined) experiment = withOption(experiment, "training.steps", steps);
  return experiment;
}

export function assignment(text: string): readonly [key: string, value: string] {
  const at = text.indexOf("=");
  if (at >= 1) return [text.slice(0, at).trim(), text.slice(at + 1)];
  throw new UsageError(`--set ${JSON.stringify(text)}: give key=value, such as --set optimizer.weightDecay=0.1`);
}

/** The content of the files, in the one option of the task that holds data. */
function withData(experiment: Experiment, given: readonly string[], cwd: string): Experiment {
  const { task: fields } = fieldsOf(experiment);
  const found = Object.entries(fields).flatMap(([name, field]) => (field.kind === "data" ? [{ name, field }] : []));
  const [only] = found;
  if (only === undefined) {
    throw new UsageError(
      `--data: task ${experiment.task.name} takes no data; choose one that does with --set task=dataset or --set task=operation-table`,
    );
  }
  if (given.length > 1 && !only.field.several) {
    throw new UsageError(`--data: task ${experiment.task.name} takes one file, given: ${given.join(", ")}`);
  }
  const text = given.map((file) => only.field.read(readText(file, cwd), file)).join("\n");
  return { ...experiment, task: { ...experiment.task, [only.name]: text } };
}

/** An Experiment from a JSON file, its syntax checked here, its names and values by `plan`. */
function readExperiment(file: string, cwd: string): Experiment {
  const { root, wrong } = readJson(readText(file, cwd), file);
  if (root.kind !== "object") throw wrong(root.at, "give an object with task, model and optimizer");
  const experiment = valueOf(root, wrong) as Experiment;
  try {
    plan(experiment);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
  return experiment;
}

/** The plain value of a node. @throws UsageError for a key given twice */
function valueOf(node: JsonNode, wrong: (at: number, cause: string) => UsageError): unknown {
  switch (node.kind) {
    case "array":
      return node.items.map((item) => valueOf(item, wrong));
    case "object": {
      const seen = new Set<string>();
      const entries = node.entries.map(({ key, at, value }) => {
        if (seen.has(key)) throw wrong(at, `${JSON.stringify(key.slice(0, 40))} is given twice`);
        seen.add(key);
        return [key, valueOf(value, wrong)] as const;
      });
      return Object.fromEntries(entries);
    }
    case "number":
      return Number(node.text);
    case "word":
      return JSON.parse(node.text) as unknown;
    case "string":
      return node.text;
  }
}
