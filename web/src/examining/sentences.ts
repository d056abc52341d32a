import { exampleOf } from "../../../src/analyses/language/explain-language.ts";
import {
  languageReader,
  type LanguageModel,
  type LanguageReader,
} from "../../../src/analyses/language/language-model.ts";
import { minimalPairs, rulesOfTask, ruleVerdict } from "../../../src/analyses/language/rule.ts";
import { analyzedTag, readSentences, type ReadSentence } from "../../../src/analyses/language/sentences.ts";
import { attentionMaps } from "../../../src/figures/language/attention-maps.ts";
import { sentenceTrees } from "../../../src/figures/language/sentence-trees.ts";
import { adaptive } from "../../../src/figures/svg/index.ts";
import { untapped } from "../../../src/models/index.ts";
import { sequenceAt, type ScoredSet } from "../../../src/tasks/index.ts";
import type { Plan } from "../../../src/train/experiment.ts";
import { answerProbes } from "../../../src/train/probes.ts";
import type { ExamineRequest, Examined, PredictionRow } from "./messages.ts";

/** Questions of each set, minimal pairs, and sentences to choose the drawn one from: a look must be short. */
const asked = { questions: 100, pairs: 100, sentences: 20 } as const;

/** A language model's task and what it is asked about, made once for all steps. */
export interface LanguageSubject {
  readonly reader: LanguageReader;
  readonly sentences: readonly ReadSentence[];
  readonly pairs: ReturnType<typeof minimalPairs>;
}

export function languageSubject(plan: Plan): LanguageSubject {
  const reader = languageReader(plan);
  const { inputs } = reader;
  const tag = analyzedTag(plan.task.name);
  const sentences = readSentences(inputs, inputs.train, { count: asked.sentences, seed: 42, ...(tag !== undefined && { tag }) }); // prettier-ignore
  return { reader, sentences, pairs: minimalPairs(inputs, plan.task.name, asked.pairs) };
}

type Shown = Pick<Examined, "predictions" | "figures" | "mechanism" | "missing">;

/** What the lab shows of a language model: answers to questions, attention and trees of a sentence, and its rule. */
export function languagePanels(
  { reader, sentences, pairs }: LanguageSubject,
  { params, panels, width, plan }: Pick<ExamineRequest, "params" | "panels" | "width" | "plan">,
): Shown {
  return reader.with(params, (model) => {
    const options = { width, theme: adaptive };
    const wanted = panels.includes("weights") || panels.includes("mechanism");
    const view = wanted ? exampleOf(model, sentences) : null;
    const pictures = view === null ? [] : { weights: [attentionMaps(view, options)], mechanism: [sentenceTrees(view, options)] }; // prettier-ignore
    const figures = Object.fromEntries(Object.entries(pictures).filter(([name]) => panels.some((one) => one === name)));
    const others = panels.some((name) => ["spectrum", "waves", "stars", "progress"].includes(name));
    return {
      figures,
      predictions: panels.includes("predictions") ? predictionsOf(model) : undefined,
      mechanism: panels.includes("mechanism") ? ruleWords(model, plan.task.name, pairs) : undefined,
      missing: others
        ? "Waves are of networks on two numbers; this one reads words. Its attention stands under Weights, its trees and its rule under Mechanism, and its measures over steps in the structure view."
        : undefined,
    };
  });
}

/** What the network answers to the first questions of both sets, wrong answers first. */
function predictionsOf(model: LanguageModel): Examined["predictions"] {
  const { validation, generalization } = model.inputs;
  const rows = [...answered(model, validation, true), ...answered(model, generalization, false)];
  if (rows.length === 0) return undefined;
  const total = validation.probes.sequence.length + generalization.probes.sequence.length;
  return {
    total,
    names: ["in-domain", "generalization"],
    rows: [...rows.filter(({ right }) => !right), ...rows.filter(({ right }) => right)],
  };
}

function answered(model: LanguageModel, set: ScoredSet, train: boolean): readonly PredictionRow[] {
  const { inputs, params } = model;
  const { probes, sequences } = set;
  if (probes.kind !== "nextToken") return [];
  const chosen = Int32Array.from({ length: Math.min(asked.questions, probes.sequence.length) }, (_, i) => i);
  const reader = { params, apply: (_: unknown, batch: Parameters<LanguageModel["apply"]>[0]) => model.apply(batch, untapped), generate: () => [] }; // prettier-ignore
  const word = (token: number): string => inputs.words[token] ?? "end";
  return Array.from(answerProbes(reader, { ...set, probes }, chosen, inputs), (answer, i) => {
    const read = sequenceAt(sequences, probes.sequence[i]).subarray(0, probes.position[i]);
    const right = answer === probes.answers[i];
    return { input: `${Array.from(read, word).join(" ")} …`, label: word(probes.answers[i]), predicted: word(answer), right, train }; // prettier-ignore
  });
}

function ruleWords(model: LanguageModel, task: string, pairs: LanguageSubject["pairs"]): Examined["mechanism"] {
  const names = rulesOfTask[task];
  if (names === undefined || pairs.length === 0) {
    return { sentence: "This task has no two rules to tell apart.", evidence: [], notes: [] };
  }
  const { label, preference, hierarchical, linear, pairs: count } = ruleVerdict(model, pairs);
  const words = {
    hierarchical: `It follows the hierarchical rule, ${names.hierarchical}.`,
    linear: `It follows the linear rule, ${names.linear}.`,
    mixed: "It follows now the one rule, now the other.",
    neither: "It follows neither rule: another word is likelier than those of both.",
  };
  const share = (name: string, value: number, threshold: string, holds: boolean) => ({ name, value, threshold, holds });
  return {
    sentence: words[label],
    notes: [`asked at ${count} places where the two rules go on with different words`],
    evidence: [
      share("prefers the hierarchical rule's word", preference, "at least 0.8", preference >= 0.8),
      share("prefers the linear rule's word", 1 - preference, "at least 0.8", preference <= 0.2),
      share(
        "a rule's word is the likeliest of all",
        hierarchical + linear,
        "at least 0.5",
        hierarchical + linear >= 0.5,
      ),
    ],
  };
}
