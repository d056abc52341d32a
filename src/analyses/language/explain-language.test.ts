import { expect, it } from "vitest";
import { exportArrays } from "../../tensor/index.ts";
import type { Eval } from "../../train/eval.ts";
import { plan } from "../../train/plan.ts";
import { train } from "../../train/train.ts";
import { brackets } from "../trees/brackets.ts";
import { explainLanguage } from "./explain-language.ts";
import { languageReader } from "./language-model.ts";
import { readSentences } from "./sentences.ts";
import { seenSentences, structureMeasures } from "./structure-measures.ts";
import { treeScores } from "./tree-scores.ts";

const made = plan({
  task: { name: "question-formation", trainSize: 300, validationSize: 40, generalizationSize: 40 },
  model: { name: "transformer", dModel: 16, nLayers: 2, nHeads: 2, mlpRatio: 1 },
  optimizer: { name: "adamw", learningRate: 3e-3 },
  training: { steps: 20, evalEvery: 10, checkpointEvery: 10 },
});

it("measures weights and takes sentences apart, as they are shipped", () => {
  const { value: first } = train(made).next();
  if (!first || !("params" in first)) throw new Error("no weights");
  const weights = exportArrays(first.params);
  const { measures, seen } = languageReader(made).with(weights, (model) => ({
    measures: structureMeasures(model, 8),
    seen: seenSentences(model, 3),
  }));
  const names = ["treeScore", "treeParseval", "rightBranchingParseval", "attentionSparsity"];
  expect(Object.keys(measures)).toEqual(names);
  const direct = languageReader(made).with(weights, (model) => {
    const { sequences } = model.inputs.validation;
    return treeScores(model, readSentences(model.inputs, sequences, { count: 8, seed: 42, tag: "quest" }));
  });
  expect(measures["treeScore"]).toBe(direct.tScore);
  expect(measures["rightBranchingParseval"]).toBe(direct.parseval?.rightBranching);
  expect(seen).toHaveLength(3);
  for (const { words, attention, projected, gold } of seen) {
    expect(attention.map((heads) => heads.length)).toEqual([2, 2]);
    for (const tree of [projected, gold]) expect(brackets(tree).length).toBe(words.length - 1);
    // Three digits of a row that adds up to 1, and nothing of what comes later.
    const row = attention[1][1][2];
    expect(row).toHaveLength(words.length + 1);
    expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 2);
    expect(row.slice(3).every((x) => x === 0)).toBe(true);
  }
});

it("explains a trained network: its rule, heads, trees, norms, sparsity, and the course of each", () => {
  const evals: Eval[] = [];
  const checkpoints = [];
  for (const moment of train(made)) {
    const { step, train: inDomain, test, normL1, normL2 } = moment;
    evals.push({ step, train: inDomain, test, normL1, normL2 });
    checkpoints.push({ step, weights: exportArrays(moment.params) });
  }
  const last = checkpoints.pop();
  if (!last) throw new Error("no checkpoint");
  const options = { sentences: 15, courseSentences: 5, pairs: 30, headPairs: 10 };
  const found = explainLanguage(languageReader(made), last, evals, checkpoints, options);
  expect(found).toMatchObject({ kind: "language", task: "question-formation" });
  expect(found.course.map(({ step }) => step)).toEqual([0, 10, 20]);
  expect(found.heads.length).toBe(4);
  expect(found.rule?.pairs).toBe(30);
  expect(found.norms.live).toBeCloseTo(evals[2].normL2, 4);
  const { example } = found;
  expect(example?.attention.map((heads) => heads.length)).toEqual([2, 2]);
  expect(brackets(example?.projected ?? 0).length).toBe((example?.words.length ?? 0) - 1);
  // Rows of attention add up to 1.
  const n = (example?.words.length ?? 0) + 1;
  const row = example?.attention[1][0].slice(3 * n, 4 * n) ?? [];
  expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
  expect(row.slice(4).every((x) => x === 0)).toBe(true);
  expect(found.generalization.readings).toBe(3);
  expect(JSON.parse(JSON.stringify(found))).toEqual(found);
});
