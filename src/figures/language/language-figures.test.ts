import { describe, expect, it } from "vitest";
import { dark, themes } from "../svg/index.ts";
import { course, run, view } from "../testing/language-samples.ts";
import { attentionMaps } from "./attention-maps.ts";
import { constructionCurves } from "./construction-curves.ts";
import { generalizationCurves } from "./generalization-curves.ts";
import { sentenceTrees } from "./sentence-trees.ts";
import { structurePanels } from "./structure-panels.ts";
import { questionFormationFloor, trainingLoss } from "./training-loss.ts";

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
    expect(label(svg)).toContain("1 layer with 1 head each");
  });

  it("put the maps of a layer into rows where it is narrow, so that their words can be read", () => {
    const [data] = view.attention[0];
    const four = { words: view.words, attention: [[data, data, data, data]] };
    const tops = (width: number) => new Set([...attentionMaps(four, { width }).matchAll(/data-head="\d" data-plot="[\d.]+,([\d.]+)/g)].map((match) => match[1])); // prettier-ignore
    expect(tops(760).size).toBe(1);
    expect(tops(346).size).toBe(2);
  });

  it("can be drawn in every theme, and are safe with any word", () => {
    for (const theme of Object.values(themes)) expect(attentionMaps(view, { theme })).toMatch(/^<svg.*<\/svg>\n$/s);
    expect(sentenceTrees({ ...view, words: view.words.map(() => "<b>") })).not.toContain("<b>");
  });
});
