import { choice, float, int } from "../../options.ts";
import { mixes } from "./question-sentences.ts";

/** Sizes of the three sets, with the published ones as defaults. */
export const sizeFields = (train: number, validation: number, generalization: number) => ({
  trainSize: int(train, "training sentences", { min: 2, max: 2_000_000 }),
  validationSize: int(validation, "in-domain sentences to evaluate on", { min: 2, max: 1_000_000 }),
  generalizationSize: int(generalization, "generalization sentences to evaluate on", { min: 2, max: 1_000_000 }),
});

export const mixField = choice(
  mixes,
  "as-released",
  "shares of the constructions: those of the released files, or the weights of the published grammar",
);

export const disambiguatingField = float(
  0,
  "share of the training sentences on which the rules differ, otherwise withheld",
  { min: 0, max: 1 },
);

export const templatesField = (help: string) => int(0, help, { min: 0, max: 1000 });
