import type { Style } from "./style.ts";

const blocks = [..."▁▂▃▄▅▆▇█"];
const ascii = [..."_.,-~=*#"];

/**
 * A small curve of exactly so many columns, from 0 at the bottom to 1 at the top. Each column shows the mean of its share
 * of the values; fewer values than columns are stretched; a column without a finite value is blank.
 */
export function sparkline(values: readonly number[], columns: number, { unicode }: Pick<Style, "unicode">): string {
  const levels = unicode ? blocks : ascii;
  if (values.length === 0) return " ".repeat(columns);
  return averaged(values, columns)
    .map((value) => {
      if (!Number.isFinite(value)) return " ";
      const clamped = Math.min(1, Math.max(0, value));
      return levels[Math.round(clamped * (levels.length - 1))];
    })
    .join("");
}

/** Means of consecutive stretches of nearly equal length. */
function averaged(values: readonly number[], columns: number): readonly number[] {
  return Array.from({ length: columns }, (_, i) => {
    const from = Math.floor((i * values.length) / columns);
    const to = Math.max(from + 1, Math.floor(((i + 1) * values.length) / columns));
    const finite = values.slice(from, to).filter(Number.isFinite);
    return finite.length === 0 ? NaN : finite.reduce((sum, value) => sum + value, 0) / finite.length;
  });
}
