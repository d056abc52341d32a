import type { TrajectoryRows } from "../analyses/weight-trajectories.ts";
import { axes, clip, cursor, emptyFrame, extent, frame, grouped, legend, light, linear, panelGroup, px, stepMarks, titleHeight, xAxisHeight, markRows, yLabelHeight, type FigureOptions, type Panel, type Scale, type StepMark, type Theme } from "./svg/index.ts"; // prettier-ignore

export interface TrajectoryOptions extends FigureOptions {
  readonly marks?: readonly StepMark[] | undefined;
  readonly step?: number | undefined;
  /** Weights from -range to range. */
  readonly range?: number | undefined;
  readonly panelHeight?: number | undefined;
}

/** Drawn in this order: what matters lies on top. */
const roles = ["distraction", "bias", "digit"] as const;
const styleOf = (theme: Theme) =>
  ({
    digit: { stroke: theme.test, width: 1.4, dash: undefined, opacity: 0.9 },
    bias: { stroke: theme.correct, width: 1.2, dash: "4 2", opacity: 0.9 },
    distraction: { stroke: theme.faint, width: 0.7, dash: undefined, opacity: 0.4 },
  }) as const;
const names = { digit: "digits that decide", bias: "bias", distraction: "distracting digits" } as const;

/** Every input weight of a parity network against the step, colored by what its digit is for, as SVG text. */
export function weightTrajectories(
  { steps, weights: lines }: Pick<TrajectoryRows, "steps" | "weights">,
  options: TrajectoryOptions = {},
): string {
  const { width = 720, theme = light, title, marks = [], step, panelHeight = 190 } = options;
  if (steps.length === 0 || lines.length === 0)
    return emptyFrame("No checkpoints to follow the weights through", options);
  const [low, high] = extent(lines.flatMap(({ values }) => Array.from(values)), [-1, 1]); // prettier-ignore
  const range = options.range ?? Math.max(Math.abs(low), Math.abs(high)) * 1.05;
  const left = 44;
  const x = linear([0, Math.max(1, steps.at(-1)!)], [left, width - 24]);
  const styles = styleOf(theme);
  const shown = roles.filter((role) => lines.some((line) => line.role === role)).toReversed();
  const key = legend(
    shown.map((role) => ({
      text: names[role],
      line: { stroke: styles[role].stroke, dash: styles[role].dash ?? "", width: 2 },
    })),
    { x: left, y: titleHeight(title) + 4, width: width - left, theme },
  );
  const placed = { left, top: 0, width: width - 24 - left, height: panelHeight, x, y: x };
  const top = titleHeight(title) + key.height + yLabelHeight + 8 + 13 * markRows(marks, placed);
  const panel: Panel = { ...placed, top, y: linear([-range, range], [top + panelHeight, top]) };
  const drawn = roles.map((role) => {
    const { stroke, width: weight, dash, opacity } = styles[role];
    const of = lines.filter((line) => line.role === role);
    const attributes = `fill="none" stroke="${stroke}" stroke-width="${weight}" stroke-opacity="${opacity}"${dash ? ` stroke-dasharray="${dash}"` : ""}`;
    const paths = of.map(({ values }) => simplified(steps, values, panel.x, panel.y));
    // The many distracting ones are one path: nobody points at one of them.
    if (role === "distraction") return `<path d="${paths.join("")}" ${attributes}/>`;
    return paths
      .map((d, i) => `<path d="${d}" ${attributes} data-neuron="${of[i].neuron}" data-digit="${of[i].input}"/>`)
      .join("");
  });
  const counted = shown
    .map((role) => `${lines.filter((line) => line.role === role).length} of ${names[role]}`)
    .join(", ");
  const label = `Input weights over ${steps.at(-1)} steps: ${counted}.${marks.map((mark) => ` ${mark.label} at step ${mark.step}.`).join("")}`;
  return frame(
    { width, height: top + panelHeight + xAxisHeight(true) + 4, title, theme, label, panel },
    key.svg,
    panelGroup(
      panel,
      axes(panel, {
        theme,
        x: { label: "step", format: grouped },
        y: { label: "input weight", lift: 13 * markRows(marks, panel) },
      }),
      clip(panel, drawn),
      stepMarks(marks, panel, theme),
      step === undefined ? "" : cursor(panel, step, theme, grouped(step)),
    ),
  );
}

/** A curve with the points left out that lie on a straight line to within half a pixel (Douglas and Peucker 1973). */
function simplified(xs: readonly number[], ys: ArrayLike<number>, x: Scale, y: Scale): string {
  const n = Math.min(xs.length, ys.length);
  const at = Array.from({ length: n }, (_, i) => [x.at(xs[i]), y.at(ys[i])] as const).filter(([, h]) =>
    Number.isFinite(h),
  );
  if (at.length === 0) return "";
  const keep = new Uint8Array(at.length);
  keep[0] = keep[at.length - 1] = 1;
  const open = [[0, at.length - 1]];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const [from, to] = part;
    const [[x0, y0], [x1, y1]] = [at[from], at[to]];
    let [worst, distance] = [-1, 0.5];
    for (let i = from + 1; i < to; i++) {
      const onLine = y0 + ((y1 - y0) * (at[i][0] - x0)) / (x1 - x0 || 1);
      const off = Math.abs(at[i][1] - onLine);
      if (off > distance) [worst, distance] = [i, off];
    }
    if (worst < 0) continue;
    keep[worst] = 1;
    open.push([from, worst], [worst, to]);
  }
  return at
    .filter((_, i) => keep[i] === 1)
    .map(([px0, py0], i) => `${i === 0 ? "M" : "L"}${px(Math.round(px0 * 10) / 10)} ${px(Math.round(py0 * 10) / 10)}`)
    .join("");
}
