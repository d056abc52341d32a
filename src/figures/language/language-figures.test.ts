import { describe, expect, it } from "vitest";
import type { CheckpointMeasures } from "../../analyses/language/explain-language.ts";
import type { Eval } from "../../train/eval.ts";
import { dark, themes } from "../svg/index.ts";
import { attentionMaps } from "./attention-maps.ts";
import { constructionCurves } from "./construction-curves.ts";
import { generalizationCurves } from "./generalization-curves.ts";
import { sentenceTrees } from "./sentence-trees.ts";
import { structurePanels } from "./structure-panels.ts";
import { questionFormationFloor, trainingLoss } from "./training-loss.ts";

const run = (shift = 0): Eval[] =>
  Array.from({ length: 21 }, (_, i) => ({
    step: 500 * i,
    train: { accuracy: Math.min(1, 0.25 + 0.4 * i), loss: 1 + 4 / (1 + i) },
    test: { accuracy: i < 4 + shift ? 0.02 : Math.min(1, 0.1 * i), loss: 1.2 + 4 / (1 + i) },
    normL1: 1,
    normL2: 1,
    measures: { batchLoss: 1.1 + 4 / (1 + i), "test.accuracy.srci/none": 0.04 * i, "test.accuracy.orc/none": 0.03 * i },
  }));
const course: CheckpointMeasures[] = [0, 1, 2].map((i) => ({
  ...{ step: 1000 * i, tScore: 0.3 + 0.1 * i, parseval: 0.5 + 0.1 * i, norm: 40 + i, normAsPublished: 70 },
  ...{ sparsity: -1 + 0.1 * i, sparsityAsPublished: -12 + i, preference: 0.4 * i },
}));
const words = "the newt who does sleep doesn't admire her yak".split(" ");
const view = {
  words,
  projected: [
    [0, 1],
    [
      [2, [3, 4]],
      [5, [6, [7, 8]]],
    ],
  ] as const,
  gold: [
    [
      [0, 1],
      [2, [3, 4]],
    ],
    [5, [6, [7, 8]]],
  ] as const,
  attention: [[Array.from({ length: 100 }, (_, i) => (i % 10 <= Math.floor(i / 10) ? 0.3 : 0))]],
};
const label = (svg: string): string => /aria-label="([^"]*)"/.exec(svg)?.[1] ?? "";

describe("figures of language models", () => {
  it("say where early stopping would have stopped, and where generalization ends", () => {
    const svg = generalizationCurves([{ evals: run() }], { chance: 0.25 });
    expect(label(svg)).toBe(
      "In-domain and generalization accuracy of 1 run. Generalization ends at 100%; early stopping would have stopped at step 1000.",
    );
    expect(svg).toContain("chance");
    const several = generalizationCurves([{ evals: run() }, { evals: run(3) }, { evals: run(6) }], { theme: dark });
    expect(label(several)).toContain("of 3 seeds");
    expect(several).toContain(dark.test);
    expect(generalizationCurves([])).toContain("No curves yet");
  });

  it("draw reference curves behind", () => {
    const reference = [{ name: "published", steps: [0, 10_000], values: [0, 1] }];
    expect(generalizationCurves([{ evals: run() }], { reference })).toContain(">reference<");
  });

  it("measure structure over checkpoints, against right-branching trees", () => {
    const svg = structurePanels(course, { rightBranching: 0.66 });
    expect(label(svg)).toContain("at step 2000 the tree score is 0.50 and F1 70%");
    expect(svg).toContain("right-branching");
    expect(svg.match(/data-plot/g)?.length).toBe(5);
    expect(structurePanels(course, { published: true })).toContain("as published");
    expect(structurePanels([])).toContain("No checkpoints");
  });

  it("show the loss and its floor", () => {
    const svg = trainingLoss(run(), { floor: questionFormationFloor });
    expect(svg).toContain("floor 0.996");
    expect(label(svg)).toContain("in domain 1.190");
  });

  it("split accuracy by construction", () => {
    expect(label(constructionCurves(run()))).toContain("at the end orc/none 60%, srci/none 80%");
    expect(constructionCurves(run(), { half: "train" })).toContain("No accuracy by construction");
  });

  it("draw a sentence's two trees, and mark the brackets that both have", () => {
    const svg = sentenceTrees(view);
    expect(label(svg)).toContain("7 of 8 brackets in common");
    expect(svg.match(/data-span/g)?.length).toBe(16);
    expect(sentenceTrees({ ...view, gold: null })).not.toContain("the grammar");
  });

  it("draw a map for each head", () => {
    const svg = attentionMaps(view);
    expect(svg).toContain('data-layer="0" data-head="0"');
    expect(label(svg)).toContain("1 layers with 1 heads each");
  });

  it("can be drawn in every theme, and are safe with any word", () => {
    for (const theme of Object.values(themes)) expect(attentionMaps(view, { theme })).toMatch(/^<svg.*<\/svg>\n$/s);
    expect(sentenceTrees({ ...view, words: words.map(() => "<b>") })).not.toContain("<b>");
  });
});
