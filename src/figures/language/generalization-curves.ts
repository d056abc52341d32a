import type { Eval } from "../../train/eval.ts";
import { bandOf } from "../seed-curves.ts";
import { emptyFrame, frame, legend, light, percent, titleHeight, xAxisHeight, yLabelHeight, type FigureOptions } from "../svg/index.ts"; // prettier-ignore
import { linePanel, type Series } from "./line-panel.ts";

/** Curves read from elsewhere, drawn faintly behind: published ones. */
export interface ReferenceCurve {
  readonly name: string;
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

export interface GeneralizationCurvesOptions extends FigureOptions {
  readonly chance?: number | undefined;
  /** In-domain accuracy at which somebody would have stopped. */
  readonly stopAt?: number | undefined;
  readonly reference?: readonly ReferenceCurve[] | undefined;
}

/**
 * In-domain accuracy against generalization, run by run and, of several, their median: these curves swing, so each seed is
 * drawn. A dotted line marks the (median) step at which in-domain accuracy is full: early stopping stops there.
 */
export function generalizationCurves(
  runs: readonly { readonly evals: readonly Eval[] }[],
  options: GeneralizationCurvesOptions = {},
): string {
  const { width = 720, theme = light, title, chance, stopAt = 0.99, reference = [] } = options;
  const drawn = runs.filter(({ evals }) => evals.length > 0);
  if (drawn.length === 0) return emptyFrame("No curves yet", { width, theme, title });
  const several = drawn.length > 1;
  // On a phone the legend must do: names at the ends of the lines would take a third of the width.
  const named = width >= 480;
  const room = width - (named ? 170 : 76);
  const halves = ["train", "test"] as const;
  const single = drawn.flatMap(({ evals }): Series[] =>
    halves.map((half) => ({
      name: half === "train" ? "in-domain" : "generalization",
      steps: evals.map(({ step }) => step),
      values: evals.map((e) => e[half].accuracy),
      stroke: theme[half],
      width: several ? 1 : 2,
      labelled: named && !several,
      ...(several && { opacity: 0.45 }),
    })),
  );
  const medians: Series[] = several
    ? halves.map((half) => {
        const { steps, median } = bandOf(drawn, (e) => e[half].accuracy);
        const name = half === "train" ? "in-domain" : "generalization";
        return { name, steps, values: median, stroke: theme[half], width: 2.75, labelled: named };
      })
    : [];
  const behind = reference.map((curve): Series => ({ ...curve, stroke: theme.faint, width: 1, dash: "2 2" }));
  const stops = drawn
    .flatMap(({ evals }) => evals.find(({ train }) => train.accuracy >= stopAt)?.step ?? [])
    .sort((a, b) => a - b);
  const stop = stops[Math.floor((stops.length - 1) / 2)];
  const key = legend(
    [
      { text: several ? `in-domain: ${drawn.length} seeds, median` : "in-domain", line: { stroke: theme.train } },
      { text: several ? "generalization: the same" : "generalization", line: { stroke: theme.test } },
      ...(stop === undefined ? [] : [{ text: `early stopping: step ${stop}`, line: { stroke: theme.muted, dash: "2 3" } }]), // prettier-ignore
      ...(reference.length === 0 ? [] : [{ text: "reference", line: { stroke: theme.faint, dash: "2 2" } }]),
    ],
    { x: 52, y: titleHeight(title) + 2, width: width - 60, theme },
  );
  const top = titleHeight(title) + key.height + 6;
  const { svg, panel } = linePanel([...behind, ...single, ...medians], {
    ...{ left: 52, top, width: room, height: 240, theme },
    label: "accuracy (share of probes)",
    domain: [0, 1],
    format: percent,
    levels: chance === undefined ? [] : [{ value: chance, name: "chance" }],
    steps: stop === undefined ? [] : [{ step: stop, dash: "2 3" }],
  });
  const finals = drawn.map(({ evals }) => evals[evals.length - 1].test.accuracy).sort((a, b) => a - b);
  const label =
    `In-domain and generalization accuracy of ${drawn.length} ${several ? "seeds" : "run"}. ` +
    `Generalization ends at ${percent(finals[0])}${several ? ` to ${percent(finals[finals.length - 1])}` : ""}` +
    `${stop === undefined ? "" : `; early stopping would have stopped at step ${stop}`}.`;
  const height = top + yLabelHeight + 240 + xAxisHeight(true) + 4;
  return frame({ width, height, label, title, theme, panel }, key.svg, svg);
}
