import { placeOf, readPlotFrame, type PlotFrame } from "./plot-frame.ts";

/** A panel with its upright axis; one of rows of neurons has none, and is measured in shares from its top. */
export interface NotePanel extends PlotFrame {
  readonly yDomain?: readonly [number, number] | undefined;
  readonly yScale?: "linear" | "log" | undefined;
}

/** The panels of a figure, from its SVG text. The figure itself tells the place of its first one, too. */
export function notePanels(svg: string): readonly NotePanel[] {
  const found = [...svg.matchAll(/<[a-z]+ [^>]*data-plot="[^>]*>/g)].flatMap(([tag]): NotePanel[] => {
    const attribute = (name: string) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? null;
    const frame = readPlotFrame(attribute);
    if (!frame) return [];
    const [from, to] = (attribute("data-y-domain") ?? "").split(",").map(Number);
    const yDomain = Number.isFinite(from) && Number.isFinite(to) && from !== to ? ([from, to] as const) : undefined;
    return [{ ...frame, yDomain, yScale: attribute("data-y-scale") === "log" ? "log" : "linear" }];
  });
  return found.filter(({ left, top }, i) => found.findIndex((other) => other.left === left && other.top === top) === i);
}

/** Words on a figure with an arrow to what they speak of. */
export interface FigureNote {
  /** Lines of a few words. */
  readonly text: readonly string[];
  /** Which panel of the figure, in its own order. Default 0. */
  readonly panel?: number;
  /** Where the arrow ends: values of both axes; without an upright axis a share of the height, from the top. */
  readonly to: readonly [x: number, y: number];
  /** Where the words begin: shares of the panel's width and height. */
  readonly at: readonly [x: number, y: number];
}

/** A note in the figure's own units. */
export interface PlacedNote {
  readonly text: readonly string[];
  readonly x: number;
  readonly y: number;
  /** A curved arrow from the words to its end. */
  readonly arrow: string;
  readonly head: string;
}

const lineHeight = 14;
const letter = 6.1;

/** Notes are for figures with room for them; on a phone the words beside the figure must do. */
export const leastWidth = 520;

/** Puts notes into the panels of a figure. Those of a panel that is not there are left out. */
export function placeNotes(notes: readonly FigureNote[], panels: readonly NotePanel[]): readonly PlacedNote[] {
  return notes.flatMap(({ text, panel = 0, to, at }) => {
    const frame = panels[panel];
    if (!frame) return [];
    const width = Math.max(...text.map((words) => words.length)) * letter;
    const x = Math.min(frame.left + at[0] * frame.width, frame.left + frame.width - width);
    const y = frame.top + at[1] * frame.height;
    const [endX, endY] = [placeOf(frame, to[0]), heightOf(frame, to[1])];
    // The arrow leaves the words at the side, or from above or below where its end lies over them.
    const bottom = y + (text.length - 1) * lineHeight;
    const beside = endX > x + width + 8 || endX < x - 8;
    const startX = beside ? (endX > x ? x + width + 4 : x - 4) : Math.min(Math.max(endX, x), x + width);
    const startY = beside ? (y + bottom) / 2 - 4 : endY > bottom ? bottom + 5 : y - 13;
    const [bendX, bendY] = beside ? [endX, startY] : [startX, endY];
    const [dx, dy] = unit(endX - (beside ? bendX : startX), endY - (beside ? bendY : startY), [endX - startX, 0]);
    const head = [1, -1].map((side) => {
      const [bx, by] = [endX - 6 * dx - side * 3.2 * dy, endY - 6 * dy + side * 3.2 * dx];
      return `M${round(bx)} ${round(by)}L${round(endX)} ${round(endY)}`;
    });
    const arrow = `M${round(startX)} ${round(startY)}Q${round(bendX)} ${round(bendY)} ${round(endX)} ${round(endY)}`;
    return [{ text, x: round(x), y: round(y), arrow, head: head.join("") }];
  });
}

/** Where a value of the upright axis stands. */
function heightOf({ top, height, yDomain, yScale }: NotePanel, value: number): number {
  if (!yDomain) return top + value * height;
  const [from, to] = yDomain;
  const share = yScale === "log" ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
  return top + height * (1 - Math.min(1, Math.max(0, share)));
}

function unit(x: number, y: number, otherwise: readonly [number, number]): readonly [number, number] {
  const [a, b] = Math.hypot(x, y) > 0.5 ? [x, y] : otherwise;
  const length = Math.hypot(a, b) || 1;
  return [a / length, b / length];
}

const round = (value: number): number => Math.round(value * 10) / 10;
