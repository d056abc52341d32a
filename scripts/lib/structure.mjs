// What the structure view is shipped with: the curves of transformers with what is measured of their checkpoints, and a
// few sentences as their last weights see them.
import { built } from "./recordings.mjs";

/** @type {typeof import("../../experiments/index.ts")} */
const { experiments } = await built("experiments/index.js");
/** @type {typeof import("../../src/train/plan.ts")} */
const { plan, runGroup, withOptions } = await built("src/train/plan.js");

/** @type {typeof import("../../src/analyses/language/language-model.ts")} */
const { languageReader, readAll } = await built("src/analyses/language/language-model.js");
/** @type {typeof import("../../src/analyses/language/sentences.ts")} */
const { analyzedTag, readSentences } = await built("src/analyses/language/sentences.js");
/** @type {typeof import("../../src/analyses/language/tree-scores.ts")} */
const { chartsOf, treeScores } = await built("src/analyses/language/tree-scores.js");
/** @type {typeof import("../../src/analyses/language/attention-sparsity.ts")} */
const { attentionSparsity } = await built("src/analyses/language/attention-sparsity.js");
/** @type {typeof import("../../src/analyses/trees/projection.ts")} */
const { greedyTree } = await built("src/analyses/trees/projection.js");
/** @type {typeof import("../../src/tensor/index.ts")} */
const { view } = await built("src/tensor/index.js");

/** Sentences by which trees and attention are measured, and that are taken apart for the page. */
const counts = { measured: 60, shown: 4 };

/** The experiment whose seeds are shipped, with scores on fewer sentences than its verdict needs. */
const wanted = { name: "question-formation-small", set: /** @type {const} */ ([["evalSequences", "300"]]) };

/**
 * @param {import("../../src/runs/store.ts").Store} store
 * @returns {Promise<{
 *   recordings: import("../../src/runs/recording/recording.ts").Recording[],
 *   sentences: import("../../web/src/views/structure/sentences.ts").SentenceRow[],
 * }>}
 */
export async function collectStructure(store) {
  const recordings = [];
  const sentences = [];
  const declared = experiments.find(({ name }) => name === wanted.name);
  if (!declared) throw new Error(`${wanted.name}: no such experiment`);
  const group = runGroup(plan(withOptions(declared.experiment, wanted.set)));
  const runs = (await store.list({ model: "transformer" })).filter((run) => runGroup(run.plan) === group);
  for (const run of runs.sort((a, b) => a.plan.seed - b.plan.seed)) {
    const steps = await store.checkpoints(run.id);
    if (run.status === "running" || steps.length === 0) continue;
    console.log(`structure: seed ${run.plan.seed}, ${steps.length} checkpoints`);
    const reader = languageReader(run.plan);
    /** @type {Map<number, Record<string, number>>} */
    const measured = new Map();
    for (const step of steps) {
      const { params } = await store.loadCheckpoint(run.id, step);
      measured.set(step, reader.with(params, measuresOf));
      if (step === steps.at(-1)) {
        const rows = reader.with(params, sentencesOf);
        sentences.push(...rows.map((row) => ({ ...row, run: run.id, step })));
      }
    }
    const evals = (await store.evals(run.id)).map((e) => ({
      ...e,
      measures: { ...e.measures, ...measured.get(e.step) },
    }));
    const { label, policy, className, fitStep, generalizeStep, lastStep } = run.verdict ?? {};
    recordings.push({
      plan: run.plan,
      evals,
      tracks: [],
      ...(run.verdict && { verdict: { label, policy, className, fitStep, generalizeStep, lastStep } }),
      weightsHash: run.weightsHash,
    });
  }
  return { recordings: /** @type {never} */ (recordings), sentences };
}

/** @param {import("../../src/analyses/language/language-model.ts").LanguageModel} model */
function measuresOf(model) {
  const tag = analyzedTag(model.plan.task.name);
  const chosen = readSentences(model.inputs, model.inputs.validation.sequences, {
    ...{ count: counts.measured, seed: 42 },
    ...(tag !== undefined && { tag }),
  });
  const { tScore, parseval } = treeScores(model, chosen);
  const { corrected } = attentionSparsity(model, chosen);
  return {
    treeScore: tScore,
    ...(parseval && { treeParseval: parseval.greedy, rightBranchingParseval: parseval.rightBranching }),
    attentionSparsity: corrected,
  };
}

/** @param {import("../../src/analyses/language/language-model.ts").LanguageModel} model */
function sentencesOf(model) {
  const tag = analyzedTag(model.plan.task.name);
  const chosen = readSentences(model.inputs, model.inputs.generalization.sequences, {
    ...{ count: counts.shown, seed: 42 },
    ...(tag !== undefined && { tag }),
  }).filter(({ gold }) => gold !== undefined);
  const attention = attentionOf(model, chosen);
  return chartsOf(model, chosen).map((chart, i) => ({
    words: [...chosen[i].words],
    attention: attention[i],
    projected: greedyTree(chart),
    gold: /** @type {import("../../src/tasks/language/parse.ts").Tree} */ (chosen[i].gold),
  }));
}

/**
 * Each sentence's attention, `[layers][heads][n][n]` over SOS and its words, to three decimals.
 * @param {import("../../src/analyses/language/language-model.ts").LanguageModel} model
 * @param {readonly import("../../src/analyses/language/sentences.ts").ReadSentence[]} chosen
 */
function attentionOf(model, chosen) {
  return chosen.map(({ tokens }) => {
    const n = tokens.length + 1;
    /** @type {number[][][][]} */
    const layers = [];
    /** @type {import("../../src/models/model.ts").Tap} */
    const tap = (name, activation) => {
      if (/^blocks\.\d+\.attn\.pattern$/.test(name)) {
        const data = view(activation); // [nHeads, n · n]
        const row = (/** @type {number} */ head, /** @type {number} */ i) =>
          Array.from({ length: n }, (_, j) => (j > i ? 0 : Number(data[head * n * n + i * n + j].toFixed(3))));
        layers.push(
          Array.from({ length: model.nHeads }, (_, head) => Array.from({ length: n }, (_, i) => row(head, i))),
        );
      }
      return activation;
    };
    readAll(model, [{ tokens }], "nothing", tap, () => {});
    return layers;
  });
}
