import { languageReader, type LanguageReader } from "../../../../../src/analyses/language/language-model.ts";
import { seenSentences, structureMeasures } from "../../../../../src/analyses/language/structure-measures.ts";
import { checkLimits, checkSizes } from "../../../training/limits.ts";
import type { MeasureReply, MeasureRequest } from "./messages.ts";

let known: { readonly text: string; readonly reader: LanguageReader } | undefined;

/** Tree scores, sparsity and sentences of one checkpoint. The task of a Plan is made once, and asked at many steps. */
export function measure({ plan, step, params, sentences }: MeasureRequest): MeasureReply {
  const text = JSON.stringify(plan);
  if (known?.text !== text) {
    checkLimits(plan);
    known = { text, reader: languageReader(plan) };
  }
  checkSizes(0, Object.values(params).reduce((sum, { data }) => sum + data.length, 0)); // prettier-ignore
  return known.reader.with(params, (model) => ({
    type: "measured",
    step,
    measures: structureMeasures(model),
    sentences: sentences > 0 ? seenSentences(model, sentences) : [],
  }));
}
