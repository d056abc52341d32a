import { el, px } from "./markup.ts";
import { classMark } from "./marks.ts";
import { fontSizes, textAt, textWidth } from "./text.ts";
import type { ClassStyle, Theme } from "./theme.ts";

export interface LegendEntry {
  readonly text: string;
  /** A line of this color and dash, or a class's mark, or a filled square. */
  readonly line?: { readonly stroke: string; readonly dash?: string; readonly width?: number };
  readonly mark?: ClassStyle;
  readonly fill?: string;
  /** Attributes of a filled square, in place of `fill`. */
  readonly paint?: string;
}

/** Entries in rows, from (x, y) to the right, wrapped at the width. Height is 18 px a row. */
export function legend(
  entries: readonly LegendEntry[],
  { x, y, width, theme }: { readonly x: number; readonly y: number; readonly width: number; readonly theme: Theme },
): { readonly svg: string; readonly height: number } {
  const rowHeight = 18;
  let [left, row] = [0, 0];
  const parts = entries.map(({ text, line, mark, fill, paint }) => {
    const key = line ? 24 : 14;
    const wide = key + textWidth(text, fontSizes.tick) + 14;
    if (left > 0 && left + wide > width) [left, row] = [0, row + 1];
    const [at, middle] = [x + left, y + row * rowHeight + rowHeight / 2];
    left += wide;
    return [
      line
        ? el("path", {
            d: `M${px(at)} ${px(middle)}h20`,
            stroke: line.stroke,
            "stroke-width": line.width ?? 2,
            "stroke-dasharray": line.dash === "" ? undefined : line.dash,
          })
        : "",
      mark ? classMark(mark, at + 5, middle, 4.5) : "",
      paint === undefined ? "" : `<rect x="${px(at)}" y="${px(middle - 5)}" width="10" height="10" ${paint}/>`,
      fill ? el("rect", { x: at, y: middle - 5, width: 10, height: 10, fill }) : "",
      textAt(at + key, middle + 4, text, { size: fontSizes.tick, fill: theme.ink }),
    ].join("");
  });
  return { svg: parts.join(""), height: entries.length === 0 ? 0 : (row + 1) * rowHeight };
}
