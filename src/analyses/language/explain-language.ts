import type { Tap } from "../../models/index.ts";
import type { Tree } from "../../tasks/language/parse.ts";
import { view, type NamedArrays } from "../../tensor/index.ts";
import type { Eval } from "../../train/eval.ts";
import { earlyStopTable, type EarlyStop } from "../../verdict/early-stopping.ts";
import { trajectory, type Trajectory } from "../../verdict/trajectory.ts";
import { exactTree, greedyTree } from "../trees/projection.ts";
import { attentionSparsity, type Sparsity } from "./attention-sparsity.ts";
import { headEffects, type HeadEffect } from "./head-effects.ts";
import { readAll, type LanguageModel, type LanguageReader } from "./language-model.ts";
import { weightNorms, type WeightNorms } from "./published-norm.ts";
import { minimalPairs, ruleVerdict, type RuleVerdict } from "./rule.ts";
import { analyzedTag, readSentences, type ReadSentence } from "./sentences.ts";
import { languageSets, type LanguageSets } from "./sets.ts";
import { chartsOf, treeScores, type TreeScores } from "./tree-scores.ts";

/** How a trained language model decides, and how its states are shaped. Plain JSON. */
export interface LanguageExplanation {
  readonly kind: "language";
  readonly task: string;
  /** What it was trained on, and what it is asked. */
  readonly sets: LanguageSets;
  /** Which rule it follows where the rules of its task differ; null where the task has no two rules. */
  readonly rule: RuleVerdict | null;
  readonly heads: readonly HeadEffect[];
  readonly trees: TreeScores;
  readonly example: SentenceView | null;
  readonly norms: WeightNorms;
  readonly sparsity: Sparsity;
  /** The same measures at earlier checkpoints, ascending, the explained one last. */
  readonly course: readonly CheckpointMeasures[];
  readonly inDomain: Trajectory;
  readonly generalization: Trajectory;
  /** What stopping early would have reported of this run. */
  readonly stops: readonly EarlyStop[];
}

export interface CheckpointMeasures {
  readonly step: number;
  readonly tScore: number;
  readonly parseval: number | null;
  readonly norm: number;
  readonly normAsPublished: number;
  readonly sparsity: number;
  readonly sparsityAsPublished: number;
  /** Share of minimal pairs in which the hierarchical rule's word is likelier. */
  readonly preference: number | null;
}

/** One sentence as the network sees it. */
export interface SentenceView {
  readonly words: readonly string[];
  readonly projected: Tree;
  readonly exact: Tree;
  readonly gold: Tree | null;
  /** Attention by layer and head, `[n + 1, n + 1]` row-major, SOS first. */
  readonly attention: readonly (readonly (readonly number[])[])[];
}

export interface ExplainLanguageOptions {
  /** Sentences of the tree scores and of sparsity. */
  readonly sentences?: number;
  /** Minimal pairs. */
  readonly pairs?: number;
  /** Minimal pairs at which every head is taken out. */
  readonly headPairs?: number;
  /** Checkpoints of the course, and sentences and pairs at each. */
  readonly checkpoints?: number;
  readonly courseSentences?: number;
  /** The sentence to draw: its words, from the training set's; by default a drawn one. */
  readonly seed?: number;
}

/**
 * @param weights of the network to explain
 * @param earlier other checkpoints by step; they are read one at a time
 */
export function explainLanguage(
  reader: LanguageReader,
  { step, weights }: { readonly step: number; readonly weights: NamedArrays },
  evals: readonly Eval[],
  earlier: Iterable<{ readonly step: number; readonly weights: NamedArrays }> = [],
  { sentences = 300, pairs = 1000, headPairs = 200, courseSentences = 50, seed = 42 }: ExplainLanguageOptions = {},
): LanguageExplanation {
  const { inputs, plan } = reader;
  const task = plan.task.name;
  const tag = analyzedTag(task);
  const read = readSentences(inputs, inputs.train, { count: sentences, seed, ...(tag === undefined ? {} : { tag }) });
  const asked = minimalPairs(inputs, task, pairs);
  const few = read.slice(0, courseSentences);
  const measured = ({ step: at, weights: of }: { readonly step: number; readonly weights: NamedArrays }) =>
    reader.with(of, (model) => measuresOf(model, of, at, few, asked.slice(0, headPairs)));
  const course = Array.from(earlier, measured);
  return reader.with(weights, (model) => {
    const rule = asked.length === 0 ? null : ruleVerdict(model, asked);
    return {
      kind: "language",
      task,
      sets: languageSets(inputs, task),
      rule,
      heads: rule === null ? [] : headEffects(model, asked.slice(0, headPairs)),
      trees: treeScores(model, read, seed),
      example: exampleOf(model, read),
      norms: weightNorms(weights, model),
      sparsity: attentionSparsity(model, few),
      course: [...course, measuresOf(model, weights, step, few, asked.slice(0, headPairs))],
      inDomain: trajectory(evals, { series: (e) => e.train.accuracy }),
      generalization: trajectory(evals),
      stops: evals.length === 0 ? [] : earlyStopTable([evals]),
    };
  });
}

function measuresOf(
  model: LanguageModel,
  weights: NamedArrays,
  step: number,
  sentences: readonly ReadSentence[],
  pairs: ReturnType<typeof minimalPairs>,
): CheckpointMeasures {
  const trees = treeScores(model, sentences);
  const norms = weightNorms(weights, model);
  const sparsity = attentionSparsity(model, sentences);
  return {
    step,
    tScore: trees.tScore,
    parseval: trees.parseval?.greedy ?? null,
    norm: norms.live,
    normAsPublished: norms.published,
    sparsity: sparsity.corrected,
    sparsityAsPublished: sparsity.published,
    preference: pairs.length === 0 ? null : ruleVerdict(model, pairs).preference,
  };
}

/** The first sentence with a tree of moderate size: one that fits a page. */
export function exampleOf(model: LanguageModel, sentences: readonly ReadSentence[]): SentenceView | null {
  const fits = ({ tokens }: ReadSentence): boolean => tokens.length >= 8 && tokens.length <= 12;
  const sentence = sentences.find((candidate) => fits(candidate) && candidate.words.includes("who")) ?? sentences[0];
  if (sentence === undefined) return null;
  const [chart] = chartsOf(model, [sentence]);
  const attention: number[][][] = [];
  const tap: Tap = (name, activation) => {
    const layer = /^blocks\.(\d+)\.attn\.pattern$/.exec(name)?.[1];
    if (layer !== undefined) {
      const [heads, pairs] = activation.shape;
      const values = view(activation);
      attention[Number(layer)] = Array.from({ length: heads }, (_, head) =>
        Array.from(values.subarray(head * pairs, (head + 1) * pairs)),
      );
    }
    return activation;
  };
  readAll(model, [{ tokens: sentence.tokens }], "nothing", tap, () => undefined);
  return {
    words: sentence.words,
    projected: greedyTree(chart),
    exact: exactTree(chart),
    gold: sentence.gold ?? null,
    attention,
  };
}
