import type { Panel } from "./frame.ts";
import { el, px, type Attributes } from "./markup.ts";
import type { Scale } from "./scale.ts";

type Numbers = ArrayLike<number>;

/**
 * The path of a curve, at most four points for each pixel column (its first, lowest, highest and last), so that a run of
 * any length draws in the same time and no peak is lost. A value that has no place on the axis breaks the line; an
 * isolated point is drawn as a dot by a round line cap.
 */
export function linePath(xs: Numbers, ys: Numbers, x: Scale, y: Scale): string {
  const n = Math.min(xs.length, ys.length);
  const dense = n > 4 * Math.abs(x.range[1] - x.range[0]);
  return dense ? thinned(xs, ys, x, y, n) : every(xs, ys, x, y, n);
}

/** Not NaN, not infinite, and above zero on a logarithmic axis. */
const placed = (pixel: number): boolean => pixel - pixel === 0;

function every(xs: Numbers, ys: Numbers, x: Scale, y: Scale, n: number): string {
  let path = "";
  let start = true;
  for (let i = 0; i < n; i++) {
    const [at, height] = [x.at(xs[i]), y.at(ys[i])];
    if (!placed(at) || !placed(height)) {
      start = true;
      continue;
    }
    // "h0" gives a lone point a length for its caps.
    const alone = start && (i + 1 === n || !placed(y.at(ys[i + 1])));
    path += `${start ? "M" : "L"}${px(at)} ${px(height)}${alone ? "h0" : ""}`;
    start = false;
  }
  return path;
}

function thinned(xs: Numbers, ys: Numbers, x: Scale, y: Scale, n: number): string {
  let path = "";
  let start = true;
  let column = NaN;
  let [first, low, high, last] = [0, 0, 0, 0];
  const flush = (): void => {
    if (Number.isNaN(column)) return;
    path += `${start ? "M" : "L"}${column} ${px(first)}`;
    if (low < first && low < last) path += `V${px(low)}`;
    if (high > first && high > last) path += `V${px(high)}`;
    if (last !== first) path += `V${px(last)}`;
    start = false;
  };
  for (let i = 0; i < n; i++) {
    const height = y.at(ys[i]);
    const at = Math.round(x.at(xs[i]));
    if (!placed(at) || !placed(height)) {
      flush();
      column = NaN;
      start = true;
      continue;
    }
    if (at !== column) {
      flush();
      column = at;
      first = low = high = last = height;
    } else {
      if (height < low) low = height;
      if (height > high) high = height;
      last = height;
    }
  }
  flush();
  return path;
}

export interface LineOptions {
  readonly stroke: string;
  readonly width?: number;
  readonly dash?: string | undefined;
  readonly opacity?: number | undefined;
  readonly rest?: Attributes;
}

export function line(xs: Numbers, ys: Numbers, panel: Panel, options: LineOptions): string {
  const { stroke, width = 1.75, dash, opacity, rest } = options;
  const d = linePath(xs, ys, panel.x, panel.y);
  if (d === "") return "";
  return el("path", {
    d,
    fill: "none",
    stroke,
    "stroke-width": width,
    "stroke-linejoin": "round",
    "stroke-linecap": dash ? undefined : "round",
    "stroke-dasharray": dash === "" ? undefined : dash,
    "stroke-opacity": opacity,
    ...rest,
  });
}
