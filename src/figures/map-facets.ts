import type { SettingCounts, Varied } from "../verdict/index.ts";
import { valueWord } from "./sweep-axes.ts";
import { fitted, fontSizes, textWidth, wrapped } from "./svg/index.ts";

/** One grid of a map: the cells that share the values of the facets. */
export interface Facet {
  /** `weightDecay 0.1, dMlp 64` */
  readonly name: string;
  /** The name as it is written above the grid: each hyperparameter begins a line, long ones take several. */
  readonly lines: readonly string[];
  /** Pixels of the longest line. */
  readonly width: number;
  readonly rows: readonly SettingCounts[];
}

/** Pixels of a line; what is longer is wrapped, and cut where it is one word. */
const lineWidth = 170;
/** Lines of one hyperparameter. */
const mostLines = 3;

/** Facets in the order of their values. @param room pixels that a line has at the most */
export function facetsOf(rows: readonly SettingCounts[], facets: readonly Varied[], room: number): readonly Facet[] {
  const found = new Map<string, { readonly names: readonly string[]; readonly rows: SettingCounts[] }>();
  for (const row of rows) {
    const names = facets.map(({ name: option, short }) => {
      const value = row.setting[option];
      return value === null ? `no ${short}` : `${short} ${valueWord(value)}`;
    });
    const name = names.join(", ");
    const known = found.get(name);
    if (known) known.rows.push(row);
    else found.set(name, { names, rows: [row] });
  }
  // Rows come in the order of all axes, the first the slowest: facets in the order of their own values.
  const place = (of: readonly SettingCounts[]) =>
    facets.map(({ name, values }) => {
      const value = of[0].setting[name];
      return value === null ? -1 : values.findIndex((one) => JSON.stringify(one) === JSON.stringify(value));
    });
  return [...found]
    .map(([name, { names, rows: inside }]) => ({ name, rows: inside, place: place(inside), ...headOf(names, room) }))
    .sort((a, b) => a.place.map((at, i) => at - b.place[i]).find((difference) => difference !== 0) ?? 0);
}

function headOf(names: readonly string[], room: number): Pick<Facet, "lines" | "width"> {
  const most = Math.min(lineWidth, room);
  const size = fontSizes.tick;
  const lines = names.flatMap((name) => {
    const all = wrapped(name, size * 1.08, most);
    const shown = all.length > mostLines ? [...all.slice(0, mostLines - 1), all.slice(mostLines - 1).join(" ")] : all;
    return shown.map((line) => fitted(line, size, most, true));
  });
  return { lines, width: Math.max(0, ...lines.map((line) => textWidth(line, size, true))) };
}
