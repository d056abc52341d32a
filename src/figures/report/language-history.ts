import type { LanguageExplanation } from "../../analyses/language/explain-language.ts";
import type { Eval } from "../../train/eval.ts";
import type { PhaseName, Verdict } from "../../verdict/index.ts";
import { constructionCurves } from "../language/construction-curves.ts";
import { generalizationCurves } from "../language/generalization-curves.ts";
import { trainingLoss } from "../language/training-loss.ts";
import { phasesOf, verdictOf } from "./history.ts";
import { figure, paragraph, percent, text, whole, type Html } from "./html.ts";

const phaseSentences: Readonly<Record<PhaseName, string>> = {
  initial: "the in-domain sentences were not learned yet",
  memorizing: "it learned the in-domain sentences, and the generalization set lagged behind",
  learning: "in-domain sentences and generalization set were learned together",
  memorized: "it knew the in-domain sentences, and became no better on the generalization set for good",
  generalizing: "it knew the in-domain sentences, and became better on the generalization set",
  generalized: "it knew the generalization set, too",
  forgetting: "it became worse on the generalization set",
  collapsed: "it no longer knew the in-domain sentences",
  diverged: "its numbers were not finite any more",
};

export interface LanguageHistory {
  readonly explanation: LanguageExplanation;
  readonly evals: readonly Eval[];
  readonly verdict: Verdict;
  readonly chance: number;
  readonly floor?: number | undefined;
}

/** The phases, the curves in-domain and on the generalization set, and why the verdict says what it says. */
export function languageHistory({ explanation, evals, verdict, chance, floor }: LanguageHistory): readonly Html[] {
  const { firstCrossing, shareAbove, totalVariation, final } = explanation.generalization;
  const reached =
    firstCrossing === null
      ? "never reached 80 %"
      : `first reached 80 % at step ${whole(firstCrossing)}; ${percent(shareAbove ?? 0)} of the readings from there on are at least that`;
  return [
    verdict.phases.length === 0 ? "" : phasesOf(verdict, phaseSentences),
    figure(
      (look) => generalizationCurves([{ evals }], { ...look, chance }),
      text(
        `In-domain accuracy and accuracy on the generalization set${explanation.rule === null ? "" : ", where the rules differ"}.`,
      ),
    ),
    paragraph(
      text(
        `Generalization ${reached}. Its ups and downs add up to ${totalVariation.toFixed(1)} full swings; the last reading is ${percent(final)}.`,
      ),
    ),
    figure((look) => trainingLoss(evals, { ...look, floor }), text("Loss per token.")),
    figure((look) => constructionCurves(evals, look), text("Generalization accuracy by construction.")),
    verdictOf(verdict),
  ];
}
