import { explainLanguage } from "../../analyses/language/explain-language.ts";
import { languageReader } from "../../analyses/language/language-model.ts";
import { isPublished } from "../../models/transformer-published.ts";
import { UsageError } from "../../options.ts";
import { dispose, importArrays, type NamedArrays } from "../../tensor/index.ts";
import type { Eval } from "../../train/eval.ts";
import type { Experiment, Plan } from "../../train/experiment.ts";
import { importPublished } from "../../train/imported.ts";
import { checkWeights, languageTrainer } from "../../train/language.ts";
import { plan as writtenOut } from "../../train/plan.ts";
import { setUp } from "../../train/setup.ts";
import { changed, type Changes } from "../experiments.ts";
import { wholeNumber } from "../flags.ts";
import type { ExplainedLanguage } from "./language.ts";

/** Flags that say what the weights of a language model were trained on. */
export interface LanguageFlags extends Pick<Changes, "set" | "data"> {
  readonly task?: string;
  readonly heads?: string;
}

/** Whether these arrays are a language model's: by the published names, or exported by groklab with its Plan. */
export const isLanguageFile = (arrays: NamedArrays, plan: Plan | undefined): boolean =>
  plan?.model.name === "transformer" || isPublished(arrays);

/**
 * Explains the weights of a language model from a file: measured once, on the sets of its task. Of its training nothing is
 * known, so there is no verdict and no course.
 * @param exported the Plan that a file of groklab export brings along
 * @throws UsageError where names, shapes, vocabulary or options do not fit
 */
export function explainLanguageWeights(
  file: string,
  arrays: NamedArrays,
  exported: Plan | undefined,
  flags: LanguageFlags,
  cwd: string,
): ExplainedLanguage {
  const { plan, params, notes } =
    exported?.model.name === "transformer" ? ownNetwork(arrays, exported, flags, cwd) : published(arrays, flags, cwd);
  const evals = [measure(plan, params)];
  const explanation = explainLanguage(languageReader(plan), { step: 0, weights: params }, evals);
  return { source: { kind: "weights", file, plan, notes }, evals, explanation: { ...explanation, stops: [] } };
}

interface Network {
  readonly plan: Plan;
  readonly params: NamedArrays;
  readonly notes: readonly string[];
}

function published(arrays: NamedArrays, flags: LanguageFlags, cwd: string): Network {
  const { task, heads } = flags;
  if (task === undefined) {
    throw new UsageError(
      "--task: weights by the published names do not tell their task; give --task question-formation, tense-inflection, agreement or dyck",
    );
  }
  const bare: Experiment = { task: { name: task }, model: { name: "transformer" }, optimizer: { name: "adamw" } };
  const asked = changed(bare, flags, cwd);
  return importPublished(arrays, asked, heads === undefined ? undefined : wholeNumber(heads, "--heads"));
}

function ownNetwork(arrays: NamedArrays, exported: Plan, flags: LanguageFlags, cwd: string): Network {
  for (const name of ["task", "heads"] as const) {
    if (flags[name] !== undefined)
      throw new UsageError(`--${name}: this file brings its plan along; it is for weights by the published names`);
  }
  return { plan: writtenOut(changed(exported, flags, cwd)), params: arrays, notes: [] };
}

/** In-domain validation and generalization set, as an evaluation in training looks at them. */
function measure(plan: Plan, weights: NamedArrays): Eval {
  const setup = setUp(plan);
  const trainer = languageTrainer(setup, plan.seed);
  const params = importArrays(weights);
  try {
    checkWeights(setup, params);
    const state = trainer.initState(params);
    try {
      return { step: 0, ...trainer.evaluate(params, state), normL1: 0, normL2: 0 };
    } finally {
      dispose(state);
    }
  } finally {
    dispose(params);
    trainer.dispose();
  }
}
