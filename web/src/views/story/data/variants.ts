import type { SweptRun } from "../../../../../src/verdict/index.ts";

/**
 * A network as its formula, read from the input to the output: `EH → OEᵀ` is the main run's, `E → U` the unfactored one.
 * Where the matrix before the neurons is multiplied out, it makes no difference whether both numbers share it.
 */
export function formulaOf(model: Variant | Readonly<Record<string, unknown>>): string {
  const { embed, tiedHidden, collapsedHidden, collapsedOut } = model;
  const before = collapsedHidden ? "E" : tiedHidden ? "EH" : "EH₁, EH₂";
  return `${before} → ${collapsedOut ? "" : "O"}${embed === "tied" ? "Eᵀ" : "U"}`;
}

/** What may differ between the networks of the sweep. */
export interface Variant {
  readonly embed: "tied" | "input-tied";
  readonly tiedHidden: boolean;
  readonly collapsedHidden: boolean;
  readonly collapsedOut: boolean;
}

const both = [true, false] as const;
const variants: readonly Variant[] = (["tied", "input-tied"] as const).flatMap((embed) =>
  both.flatMap((tiedHidden) =>
    both.flatMap((collapsedHidden) =>
      both.map((collapsedOut) => ({ embed, tiedHidden, collapsedHidden, collapsedOut })),
    ),
  ),
);

/** The network of a formula; where H is multiplied out, the one that shares it. */
export const variantOf = (formula: string): Variant | undefined =>
  variants.find((variant) => formulaOf(variant) === formula);

/** The runs with one hyperparameter more, the formula of their network. */
export const withFormulas = (runs: readonly SweptRun[]): readonly SweptRun[] =>
  runs.map((run) => ({ ...run, setting: { ...run.setting, network: formulaOf(run.plan.model) } }));

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
