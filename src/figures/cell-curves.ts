import type { Eval } from "../train/eval.ts";
import type { Label } from "../verdict/index.ts";
import {
  axes,
  classMark,
  clip,
  decades,
  emptyFrame,
  escapeText,
  fitted,
  fontSizes,
  frame,
  group,
  legend,
  light,
  line,
  linear,
  log,
  panelGroup,
  textAt,
  textWidth,
  titleHeight,
  type FigureOptions,
  type Theme,
} from "./svg/index.ts";

/** A run of a cell with its curve. */
export interface CurvedRun {
  readonly id: string;
  readonly seed: number;
  /** What sets it apart from the others of its cell; its seed by default. */
  readonly name?: string | undefined;
  readonly label?: Label | undefined;
  readonly evals: readonly Eval[];
}

export interface CellCurvesOptions extends FigureOptions {
  readonly lossUnit?: string | undefined;
  /** Height of one panel in pixels. */
  readonly panelHeight?: number | undefined;
}

/**
 * Loss against the step for each seed of a cell, as small multiples on one pair of axes: train and test loss, the class
 * beside the seed.
 */
export function cellCurves(runs: readonly CurvedRun[], options: CellCurvesOptions = {}): string {
  const { width = 720, theme = light, title, lossUnit = "nats per example", panelHeight = 84 } = options;
  const drawn = runs.filter(({ evals }) => evals.length > 0);
  if (drawn.length === 0) return emptyFrame("No curves yet", { width, theme, title });
  const last = drawn.reduce((most, { evals }) => Math.max(most, evals.at(-1)!.step), 1);
  const domain = decades(lossesOf(drawn));
  const columns = Math.max(1, Math.min(3, drawn.length, Math.floor(width / 180)));
  const left = 46;
  const gap = 26; // The last number of one axis stands beside the first of the next.
  const panelWidth = (width - left - 12 - (columns - 1) * gap) / columns;
  const rowHeight = panelHeight + 22;
  const key = legend(
    [
      { text: "train loss", line: { stroke: theme.train, width: 1.5 } },
      { text: "test loss", line: { stroke: theme.test, width: 2.25 } },
    ],
    { x: left, y: titleHeight(title) + 2, width: width - left, theme },
  );
  // Beside the legend where there is room, below it where there is none.
  const below = width - left < 220 + textWidth(lossUnit, fontSizes.tick);
  const top = titleHeight(title) + key.height + 8 + (below ? 16 : 0);
  const panels = drawn.map((run, i) =>
    onePanel(run, {
      left: left + (i % columns) * (panelWidth + gap),
      top: top + Math.floor(i / columns) * rowHeight + 16,
      width: panelWidth,
      height: panelHeight,
      last,
      domain,
      theme,
      first: i % columns === 0,
      bottom: i + columns >= drawn.length,
    }),
  );
  const rows = Math.ceil(drawn.length / columns);
  const foot = top + rows * rowHeight + 22;
  const muted = { size: fontSizes.tick, fill: theme.muted } as const;
  const unit = below
    ? textAt(left, titleHeight(title) + key.height + 12, fitted(lossUnit, fontSizes.tick, width - left), muted)
    : textAt(width - 12, titleHeight(title) + 15, lossUnit, { ...muted, anchor: "end" });
  const label = `Train and test loss of ${drawn.length} ${drawn.some(({ name }) => name !== undefined) ? "runs" : "seeds"} over ${last} steps: ${drawn
    .map((run) => `${nameOf(run)} ${run.label ?? "no verdict"}`)
    .join(", ")}.`;
  return frame({ width, height: foot, label, title, theme }, key.svg, unit, panels);
}

const nameOf = ({ name, seed }: CurvedRun): string => name ?? `seed ${seed}`;

function* lossesOf(runs: readonly CurvedRun[]): Iterable<number> {
  for (const { evals } of runs)
    for (const { train, test } of evals) {
      yield train.loss;
      yield test.loss;
    }
}

interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly last: number;
  readonly domain: readonly [number, number];
  readonly theme: Theme;
  readonly first: boolean;
  readonly bottom: boolean;
}

function onePanel(run: CurvedRun, place: Place): string {
  const { id, label, evals } = run;
  const words = `${nameOf(run)}${label ? `: ${label}` : ""}`;
  const { left, top, width, height, last, domain, theme } = place;
  const panel = {
    ...{ left, top, width, height },
    x: linear([0, last], [left, left + width]),
    y: log(domain, [top + height, top]),
  };
  const steps = Float64Array.from(evals, ({ step }) => step);
  const curve = (half: "train" | "test") =>
    line(steps, Float64Array.from(evals, (e) => e[half].loss), panel, { stroke: theme[half], width: half === "test" ? 2 : 1.25 }); // prettier-ignore
  const indent = label ? 15 : 2;
  return group(
    { "data-run": id },
    run.name === undefined ? "" : `<title>${escapeText(words)}</title>`,
    panelGroup(
      panel,
      axes(panel, {
        theme,
        x: { numbers: place.bottom, ticks: Math.max(2, Math.floor(width / 90)) },
        y: { numbers: place.first, ticks: 4 },
      }),
      clip(panel, curve("train"), curve("test")),
    ),
    label ? classMark(theme.classes[label], left + 6, top - 8, 4) : "",
    textAt(left + indent, top - 4, fitted(run.name ?? words, fontSizes.tick, width + 14 - indent), {
      size: fontSizes.tick,
      fill: theme.ink,
    }),
  );
}
