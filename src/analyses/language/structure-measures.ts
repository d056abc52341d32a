import type { Tap } from "../../models/index.ts";
import type { Tree } from "../../tasks/language/parse.ts";
import { view } from "../../tensor/index.ts";
import { greedyTree } from "../trees/projection.ts";
import { attentionSparsity } from "./attention-sparsity.ts";
import { readAll, type LanguageModel } from "./language-model.ts";
import { analyzedTag, readSentences, type ReadSentence } from "./sentences.ts";
import { chartsOf, treeScores } from "./tree-scores.ts";

/** What is measured of the weights at a step, by the names that the evaluations of a recording carry it under. */
export type StructureMeasures = Readonly<Record<string, number>>;

/** Tree score, agreement with the grammar's trees beside that of right-branching ones, and sparsity of attention. */
export function structureMeasures(model: LanguageModel, count = 60): StructureMeasures {
  const chosen = drawn(model, "validation", count);
  const { tScore, parseval } = treeScores(model, chosen);
  return {
    treeScore: tScore,
    ...(parseval && { treeParseval: parseval.greedy, rightBranchingParseval: parseval.rightBranching }),
    attentionSparsity: attentionSparsity(model, chosen).corrected,
  };
}

/** A sentence of the generalization set as a network sees it. */
export interface SeenSentence {
  readonly words: readonly string[];
  /** `[layers][heads][n][n]` over SOS and the words, each row what it looks at. */
  readonly attention: readonly (readonly (readonly (readonly number[])[])[])[];
  readonly projected: Tree;
  readonly gold: Tree;
}

/** Sentences whose tree the grammar gives, with the tree that the network's states project. @param digits of attention */
export function seenSentences(model: LanguageModel, count = 4, digits = 3): readonly SeenSentence[] {
  const chosen = drawn(model, "generalization", count).filter(({ gold }) => gold !== undefined);
  const charts = chartsOf(model, chosen);
  return chosen.map((sentence, i) => ({
    words: [...sentence.words],
    attention: attentionOf(model, sentence, digits),
    projected: greedyTree(charts[i]),
    gold: sentence.gold!,
  }));
}

function drawn(model: LanguageModel, set: "validation" | "generalization", count: number): readonly ReadSentence[] {
  const tag = analyzedTag(model.plan.task.name);
  return readSentences(model.inputs, model.inputs[set].sequences, {
    ...{ count, seed: 42 },
    ...(tag !== undefined && { tag }),
  });
}

function attentionOf(model: LanguageModel, { tokens }: ReadSentence, digits: number): SeenSentence["attention"] {
  const n = tokens.length + 1;
  const layers: (readonly (readonly number[])[])[][] = [];
  const tap: Tap = (name, activation) => {
    if (/^blocks\.\d+\.attn\.pattern$/.test(name)) {
      const data = view(activation); // [nHeads, n · n]
      const row = (head: number, i: number) =>
        Array.from({ length: n }, (_, j) => (j > i ? 0 : Number(data[head * n * n + i * n + j].toFixed(digits))));
      layers.push(Array.from({ length: model.nHeads }, (_, head) => Array.from({ length: n }, (_, i) => row(head, i))));
    }
    return activation;
  };
  readAll(model, [{ tokens }], "nothing", tap, () => {});
  return layers;
}
