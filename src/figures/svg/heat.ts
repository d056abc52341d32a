import { el, group, px } from "./markup.ts";
import { plain } from "./scale.ts";
import { fontSizes, textAt } from "./text.ts";
import type { Theme } from "./theme.ts";

/** A matrix of plain numbers, row-major. */
interface Cells {
  readonly rows: number;
  readonly cols: number;
  readonly data: ArrayLike<number>;
}

/** Shades from nothing to the full color, each way. */
const levels = 16;

export interface HeatOptions {
  readonly left: number;
  readonly top: number;
  /** Pixels of one cell. */
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** The value that gets the full color; larger ones get it, too. */
  readonly range: number;
  readonly theme: Theme;
}

/**
 * A matrix in colors: above zero red, below it blue, zero the paper. One path for each shade, with neighbors of one shade
 * in a row drawn at once: crisp at any size, prints, and 67 x 24 cells take well under a millisecond to write. Not a
 * bitmap: a browser decodes one only after it is shown, so the figure would flicker while a page is scrubbed.
 */
export function heat(cells: Cells, { left, top, cellWidth, cellHeight, range, theme }: HeatOptions): string {
  const paths: string[] = new Array<string>(2 * levels + 1).fill("");
  const { rows, cols, data } = cells;
  const shade = (value: number): number => {
    const level = Math.round((value / range) * levels);
    return Number.isNaN(level) ? 0 : Math.max(-levels, Math.min(levels, level));
  };
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols;) {
      const level = shade(data[row * cols + col]);
      let end = col + 1;
      while (end < cols && shade(data[row * cols + end]) === level) end++;
      // In cells, not in pixels: whole numbers are short, and quick to write.
      if (level !== 0) paths[level + levels] += `M${col} ${row}h${end - col}v1h-${end - col}z`;
      col = end;
    }
  }
  const shades = paths.map((d, i) => {
    if (d === "") return "";
    const level = i - levels;
    const opacity = level === levels || level === -levels ? undefined : Math.abs(level) / levels;
    return el("path", { d, fill: level > 0 ? theme.positive : theme.negative, "fill-opacity": opacity });
  });
  // Of the size of a cell more digits are needed than of a place: its error adds up over the columns.
  const size = [cellWidth, cellHeight].map((value) => String(Number(value.toFixed(5))));
  const transform = `translate(${px(left)} ${px(top)}) scale(${size.join(" ")})`;
  return group({ "shape-rendering": "crispEdges", transform }, shades);
}

/** The key of a heat map: a strip from -range to range with three ticks. */
export function colorBar(options: {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly range: number;
  readonly theme: Theme;
  readonly vertical?: boolean;
}): string {
  const { left, top, width, height, range, theme, vertical = true } = options;
  const steps = 2 * levels + 1;
  const values = Array.from({ length: steps }, (_, i) => (range * (i - levels)) / levels);
  const data = vertical ? values.toReversed() : values;
  const [rows, cols] = vertical ? [steps, 1] : [1, steps];
  const [cellWidth, cellHeight] = [width / cols, height / rows];
  const strip = heat({ rows, cols, data }, { left, top, cellWidth, cellHeight, range, theme });
  const ticks = [range, 0, -range].map((value, i) => {
    const text = value > 0 ? `+${plain(Number(value.toPrecision(2)))}` : plain(Number(value.toPrecision(2)));
    return vertical
      ? textAt(left + width + 4, top + (height * i) / 2 + [8, 4, 0][i], text, tick(theme))
      : textAt(left + (width * (2 - i)) / 2, top + height + 12, text, { ...tick(theme), anchor: "middle" });
  });
  return group(
    { "aria-hidden": "true" },
    strip,
    el("rect", { x: left, y: top, width, height, fill: "none", stroke: theme.grid }),
    ticks,
  );
}

const tick = (theme: Theme) => ({ size: fontSizes.tick - 1, fill: theme.muted });
