import type { Tap } from "../../models/index.ts";
import { stream } from "../../rng.ts";
import { view } from "../../tensor/index.ts";
import { baselines, parseval, randomTree } from "../trees/brackets.ts";
import { spanChart, type SpanChart } from "../trees/chart.ts";
import { exactTree, greedyTree, treeScore } from "../trees/projection.ts";
import { readAll, type LanguageModel, type Reading } from "./language-model.ts";
import type { ReadSentence } from "./sentences.ts";

/** Charts of sentences: of n words each costs n runs of the network, all of one sentence in one batch. */
export function chartsOf(model: LanguageModel, sentences: readonly ReadSentence[]): readonly SpanChart[] {
  const readings: Reading[] = sentences.flatMap(({ tokens }) =>
    Array.from(tokens, (_, first) => ({ tokens, firstVisible: first + 1 })),
  );
  const states: Float64Array[] = [];
  let last: Float64Array = new Float64Array(0);
  const tap: Tap = (name, activation) => {
    if (name === "resid_final") last = Float64Array.from(view(activation));
    return activation;
  };
  readAll(model, readings, "nothing", tap, ({ batch }) => {
    for (let i = 0; i < batch.n; i++) {
      // Without the row of SOS.
      states.push(last.slice((batch.offsets[i] + 1) * model.dModel, batch.offsets[i + 1] * model.dModel));
    }
  });
  let at = 0;
  return sentences.map(({ tokens }) => spanChart(states.slice(at, (at += tokens.length)), model.dModel));
}

/** How tree-like a network's states are, over some sentences. Plain JSON. */
export interface TreeScores {
  readonly sentences: number;
  /** Mean over sentences of how much more the greedy tree's splits are worth than splits by chance, in closed form. */
  readonly tScore: number;
  /** The same with one drawn split a node, as published: it has the same mean, and noise. */
  readonly tScoreSampled: number;
  /** Of the best tree instead of the greedy one, against a random tree. */
  readonly tScoreExact: number;
  /** F1 of the greedy tree's brackets, pooled over sentences, in 0 … 1; null where sentences have no known tree. */
  readonly parseval: Parsevals | null;
}

export interface Parsevals {
  readonly greedy: number;
  readonly exact: number;
  /** What trees reach that know nothing but the length. */
  readonly rightBranching: number;
  readonly leftBranching: number;
  readonly balanced: number;
  readonly random: number;
}

export function treeScores(model: LanguageModel, sentences: readonly ReadSentence[], seed = 42): TreeScores {
  const charts = chartsOf(model, sentences);
  const greedy = charts.map(greedyTree);
  const exact = charts.map(exactTree);
  const sampled = stream(seed, "random-splits");
  const mean = (of: (chart: SpanChart, i: number) => number): number =>
    charts.reduce((sum, chart, i) => sum + of(chart, i), 0) / charts.length;
  return {
    sentences: sentences.length,
    tScore: mean((chart, i) => treeScore(greedy[i], chart, "split")),
    tScoreSampled: mean((chart, i) => treeScore(greedy[i], chart, { sampled })),
    tScoreExact: mean((chart, i) => treeScore(exact[i], chart, "tree")),
    parseval: parsevals(sentences, greedy, exact, seed),
  };
}

function parsevals(
  sentences: readonly ReadSentence[],
  greedy: readonly ReturnType<typeof greedyTree>[],
  exact: readonly ReturnType<typeof exactTree>[],
  seed: number,
): Parsevals | null {
  const against = (make: (n: number, i: number) => ReturnType<typeof greedyTree>): number =>
    parseval(sentences.flatMap(({ gold, tokens }, i) => (gold === undefined ? [] : [[make(tokens.length, i), gold]])));
  if (sentences.every(({ gold }) => gold === undefined)) return null;
  const source = stream(seed, "random-trees");
  return {
    greedy: against((_, i) => greedy[i]),
    exact: against((_, i) => exact[i]),
    rightBranching: against(baselines["right-branching"]),
    leftBranching: against(baselines["left-branching"]),
    balanced: against(baselines.balanced),
    random: against((n) => randomTree(n, source)),
  };
}
