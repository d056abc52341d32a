import {
  findVaried,
  lawAt,
  lawText,
  lifetimeOf,
  spreadOf,
  sweepTable,
  type Label,
  type Law,
  type SweptRun,
  type Timed,
} from "../verdict/index.ts";
import { count } from "../verdict/words.ts";
import { valueWord } from "./sweep-axes.ts";
import {
  axes,
  classMark,
  decades,
  el,
  emptyFrame,
  extent,
  frame,
  group,
  grouped,
  legend,
  light,
  line,
  linear,
  log,
  panelGroup,
  power,
  px,
  titleHeight,
  xAxisHeight,
  yLabelHeight,
  type FigureOptions,
  type Panel,
  type Scale,
  type Theme,
} from "./svg/index.ts";

export interface TimeScatterOptions extends FigureOptions {
  /** What is timed. Default: delay. */
  readonly of?: Timed | undefined;
  /** The hyperparameter along x, full or short; the first that varies by numbers by default. */
  readonly x?: string | undefined;
  /** Its line is drawn, and said below the figure. */
  readonly law?: Law | undefined;
  readonly panelHeight?: number | undefined;
}

const timeWords: Readonly<Record<Timed, string>> = {
  fitStep: "step of fitting",
  generalizeStep: "step of generalizing",
  delay: "delay (steps)",
};

interface Dot {
  readonly id: string;
  readonly x: number;
  readonly time: number;
  readonly observed: boolean;
  readonly label: Label;
}

/**
 * A time of every run against a hyperparameter: a mark of its class where the event was seen, an arrow that goes on
 * upward where the run was cut off before it, a bar at the median of each value (Kaplan-Meier), and the fitted law.
 */
export function timeScatter(runs: readonly SweptRun[], options: TimeScatterOptions = {}): string {
  const { width = 720, theme = light, title, of = "delay", law, panelHeight = 260 } = options;
  const { varied } = sweepTable(runs);
  const axis = options.x === undefined ? varied.find(isNumeric) : findVaried(varied, options.x);
  if (!axis || !isNumeric(axis)) {
    return emptyFrame("Nothing that varies in these runs is a number", { width, theme, title });
  }
  const dots = runs.flatMap((run): Dot[] => {
    const life = run.verdict && lifetimeOf(run.verdict, of);
    const x = run.setting?.[axis.name] ?? optionOf(run, axis.name);
    if (!run.verdict || !life || typeof x !== "number") return [];
    return [{ id: run.id, x, time: life.step, observed: life.observed, label: run.verdict.label }];
  });
  // A delay of 0 has no place on a logarithmic axis: one step stands for it.
  const placed = dots
    .filter(({ time }) => Number.isFinite(time))
    .map((dot) => ({ ...dot, time: Math.max(1, dot.time) }));
  if (placed.length === 0) return emptyFrame("No run has been watched for this", { width, theme, title });
  const lawWords = law ? lawText(law, of === "delay" ? "delay" : "step", axis.short) : undefined;
  const present = [...new Set(placed.filter(({ observed }) => observed).map(({ label }) => label))];
  const censored = placed.filter(({ observed }) => !observed).length;
  const left = 56;
  const right = width - 20;
  const key = legend(
    [
      ...present.map((label) => ({ text: label, mark: theme.classes[label] })),
      ...(censored > 0 ? [{ text: `cut off there, later or never (${censored})`, mark: { fill: theme.panel, stroke: theme.muted, shape: "triangle" as const } }] : []), // prettier-ignore
      { text: "median", line: { stroke: theme.ink, width: 2.5 } },
      ...(lawWords === undefined ? [] : [{ text: lawWords, line: { stroke: theme.correct, dash: "6 3" } }]),
    ],
    { x: left, y: titleHeight(title) + 2, width: right - left, theme },
  );
  const top = titleHeight(title) + key.height + yLabelHeight + 8;
  const xs = axis.values as readonly number[];
  const x = xScale(xs, axis.log, [left + 18, right - 18]);
  const y = log(decades(placed.map(({ time }) => time)), [top + panelHeight, top]);
  const panel: Panel = { left, top, width: right - left, height: panelHeight, x, y };
  const content = panelGroup(
    panel,
    axes(panel, {
      theme,
      x: { label: axis.short, ticks: xs, format: valueWord, grid: true },
      y: { label: timeWords[of], format: (tick) => (tick >= 1 && tick <= 1e6 ? grouped(tick) : power(tick)) },
    }),
    law ? lawLine(law, panel, xs, theme) : "",
    jittered(placed, x, xs).map(({ dot, at }) => dotMark(dot, at, y.at(dot.time), theme)),
    xs.map((value) => medianBar(placed.filter((dot) => dot.x === value), panel, theme)), // prettier-ignore
  );
  const label =
    `${timeWords[of]} of ${count(placed.length, "run")} against ${axis.short}, ${censored} cut off before it.` +
    (lawWords === undefined ? "" : ` Fitted: ${lawWords}.`);
  const height = top + panelHeight + xAxisHeight(true) + 4;
  return frame({ width, height, label, title, theme, panel }, key.svg, content);
}

const isNumeric = ({ values }: { readonly values: readonly unknown[] }): boolean =>
  values.every((value) => typeof value === "number");

const optionOf = ({ plan }: SweptRun, name: string): unknown => {
  const [section, option] = name.split(".") as ["task", string];
  return (plan[section] as Readonly<Record<string, unknown>> | undefined)?.[option];
};

function xScale(values: readonly number[], isLog: boolean, range: readonly [number, number]): Scale {
  const [low, high] = extent(values);
  return (isLog ? log : linear)(low === high ? [low * 0.9, high * 1.1] : [low, high], range);
}

function lawLine(law: Law, panel: Panel, values: readonly number[], theme: Theme): string {
  const [low, high] = extent(values);
  const at = (share: number) => panel.x.invert(panel.x.at(low) + share * (panel.x.at(high) - panel.x.at(low)));
  const xs = Array.from({ length: 33 }, (_, i) => at(i / 32));
  const ys = xs.map((x) => lawAt(law, x));
  return line(xs, ys, panel, { stroke: theme.correct, dash: "6 3", width: 1.75 });
}

function medianBar(dots: readonly Dot[], panel: Panel, theme: Theme): string {
  const { median } = spreadOf(dots.map(({ time, observed }) => ({ step: time, observed })));
  if (median === null || dots.length < 2) return "";
  const at = panel.x.at(dots[0].x);
  const d = `M${px(at - 13)} ${px(panel.y.at(median))}h26`;
  return el("path", { d, stroke: theme.ink, "stroke-width": 2.5, "data-median": String(median) });
}

/** Runs of one value side by side, in the order of their times, so that none hides another. */
function jittered(dots: readonly Dot[], x: Scale, values: readonly number[]) {
  return values.flatMap((value) => {
    const here = dots.filter((dot) => dot.x === value).sort((a, b) => a.time - b.time);
    return here.map((dot, i) => ({ dot, at: x.at(value) + (((i * 5) % 7) - 3) * 2.4 }));
  });
}

function dotMark({ id, observed, label }: Dot, at: number, height: number, theme: Theme): string {
  if (observed) return classMark(theme.classes[label], at, height, 3.2, { "data-run": id });
  const d = `M${px(at)} ${px(height - 8)}l3 5h-6zM${px(at)} ${px(height - 3)}v3`;
  return group({ "data-run": id, "data-censored": "true" }, el("path", { d, fill: theme.panel, stroke: theme.muted }));
}
