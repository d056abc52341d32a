import type { SweptRun } from "../../../../../src/verdict/index.ts";

/** The four choices that make the sixteen variants of the factored network. */
export const variantAxes = ["embed", "tiedHidden", "collapsedHidden", "collapsedOut"] as const;

export interface VariantCount {
  readonly generalized: number;
  readonly runs: number;
}

/** Of the runs whose model has these options, how many generalize, early or late. */
export function generalizing(runs: readonly SweptRun[], model: Readonly<Record<string, unknown>>): VariantCount {
  const these = runs.filter(({ plan }) => Object.entries(model).every(([key, value]) => plan.model[key] === value));
  const generalized = these.filter(({ verdict }) => verdict?.label === "grok" || verdict?.label === "generalize");
  return { generalized: generalized.length, runs: these.length };
}
