import { fitted, fontSizes, textWidth, wrapped } from "./svg/index.ts";

/** The name of a facet as it is written above its cells. */
export interface FacetHead {
  /** `weightDecay 0.1, dMlp 64` */
  readonly name: string;
  /** Each hyperparameter begins a line, long ones take several. */
  readonly lines: readonly string[];
  /** Pixels of the longest line. */
  readonly width: number;
}

/** Pixels of a line; what is longer is wrapped, and cut where it is one word. */
const lineWidth = 170;
/** On a phone two facets stand beside each other, if their words allow it. */
const narrowRoom = 420;
/** Lines of one hyperparameter. */
const mostLines = 3;

/** @param names one for each hyperparameter @param room pixels that a line has at the most */
export function facetHead(names: readonly string[], room: number): FacetHead {
  const size = fontSizes.tick;
  const longestWord = Math.max(...names.flatMap((name) => name.split(" ")).map((word) => textWidth(word, size, true)));
  const most = Math.min(room, room < narrowRoom ? Math.max(room / 2 - 10, longestWord) : lineWidth);
  const lines = names.flatMap((name) => {
    const all = wrapped(name, size * 1.08, most);
    const shown = all.length > mostLines ? [...all.slice(0, mostLines - 1), all.slice(mostLines - 1).join(" ")] : all;
    return shown.map((line) => fitted(line, size, most, true));
  });
  return { name: names.join(", "), lines, width: Math.max(0, ...lines.map((line) => textWidth(line, size, true))) };
}
