import type { FigureSample } from "../../../test/contracts/figure.ts";
import type { CheckpointMeasures } from "../../analyses/language/explain-language.ts";
import type { Eval } from "../../train/eval.ts";
import { attentionMaps } from "../language/attention-maps.ts";
import { constructionCurves } from "../language/construction-curves.ts";
import { generalizationCurves } from "../language/generalization-curves.ts";
import { sentenceTrees } from "../language/sentence-trees.ts";
import { structurePanels } from "../language/structure-panels.ts";
import { questionFormationFloor, trainingLoss } from "../language/training-loss.ts";

/** A planted language model's run: in-domain accuracy is full at step 1,000, generalization rises from 2,000 on. */
export const run = (shift = 0): Eval[] =>
  Array.from({ length: 21 }, (_, i) => ({
    step: 500 * i,
    train: { accuracy: Math.min(1, 0.25 + 0.4 * i), loss: 1 + 4 / (1 + i) },
    test: { accuracy: i < 4 + shift ? 0.02 : Math.min(1, 0.1 * i), loss: 1.2 + 4 / (1 + i) },
    normL1: 1,
    normL2: 1,
    measures: { batchLoss: 1.1 + 4 / (1 + i), "test.accuracy.srci/none": 0.04 * i, "test.accuracy.orc/none": 0.03 * i },
  }));
export const course: CheckpointMeasures[] = [0, 1, 2].map((i) => ({
  ...{ step: 1000 * i, tScore: 0.3 + 0.1 * i, parseval: 0.5 + 0.1 * i, norm: 40 + i, normAsPublished: 70 },
  ...{ sparsity: -1 + 0.1 * i, sparsityAsPublished: -12 + i, preference: 0.4 * i },
}));
const words = "the newt who does sleep doesn't admire her yak".split(" ");
export const view = {
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

/** The figures of language models, of planted rows. */
export const languageSamples: readonly FigureSample[] = [
  {
    name: "generalization-curves",
    caption: "In-domain accuracy against generalization of a language model, with the step of early stopping.",
    draw: (look) => generalizationCurves([{ evals: run() }], { chance: 0.25, ...look }),
  },
  {
    name: "construction-curves",
    caption: "Its generalization accuracy by construction.",
    draw: (look) => constructionCurves(run(), look),
  },
  {
    name: "token-loss",
    caption: "Its loss per token, and the entropy of the source, which no network can go below.",
    draw: (look) => trainingLoss(run(), { floor: questionFormationFloor, ...look }),
  },
  {
    name: "structure",
    caption: "Weight norm, attention sparsity, tree score and F1 against the grammar's trees over its checkpoints.",
    draw: (look) => structurePanels(course, { rightBranching: 0.66, ...look }),
  },
  {
    name: "trees",
    caption: "A sentence's tree as projected from the network's states, beside the grammar's.",
    draw: (look) => sentenceTrees(view, look),
  },
  {
    name: "attention",
    caption: "Where each word of the sentence looks, by layer and head.",
    draw: (look) => attentionMaps(view, look),
  },
];
