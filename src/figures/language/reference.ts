import { data, float } from "../../options.ts";
import { readWideCsv } from "../../verdict/reference-curves.ts";
import type { ReferenceCurve } from "./generalization-curves.ts";

/** Options of the figure of generalization, of a run and of a sweep alike. */
export const generalizationFields = {
  stopAt: float(0.99, "in-domain accuracy at which somebody would have stopped", { min: 0, max: 1 }),
  reference: data(
    (content, filename) => JSON.stringify(readReference(content, filename)),
    "curves from elsewhere, drawn behind: a wide CSV file (--reference)",
  ),
};

interface PlainCurve {
  readonly name: string;
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/** Accuracies of a wide CSV file as shares. Where one is above 1 the file is in percent. @throws UsageError */
export function readReference(content: string, filename: string): readonly PlainCurve[] {
  const curves = readWideCsv(content, filename);
  const unit = curves.some(({ values }) => values.some((value) => value > 1)) ? 100 : 1;
  return curves.map(({ name, steps, values }) => ({
    name,
    steps: Array.from(steps),
    values: Array.from(values, (value) => value / unit),
  }));
}

/** The curves that the option holds; none where it is empty. */
export const referenceOf = (text: string): readonly ReferenceCurve[] =>
  text === "" ? [] : (JSON.parse(text) as readonly PlainCurve[]);
