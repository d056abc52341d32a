import { el, escapeText, type Attributes } from "./markup.ts";

/** Fonts that every system has one of. */
export const fontFamily = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

export const fontSizes = { title: 14, label: 12, tick: 11 } as const;

/** Widths in ems, of a wide common font, so that what is measured here fits there. */
const narrow = /[ijl|!.,:;'`()[\]{}ftrI ]/;
const wide = /[mwMW@%—…→]/;

/** About how wide a text is, in pixels: there is no page to ask. Errs on the wide side. */
export function textWidth(text: string, size: number, bold = false): number {
  let ems = 0;
  for (const character of text) {
    if (narrow.test(character)) ems += 0.36;
    else if (wide.test(character)) ems += 0.92;
    else if (/[A-Z]/.test(character)) ems += 0.68;
    else if (character > "\u2e80") ems += 1;
    else ems += 0.6;
  }
  return ems * size * (bold ? 1.08 : 1);
}

/** The text, or as much of its beginning and end as fits, with … between. */
export function fitted(text: string, size: number, width: number, bold = false): string {
  if (textWidth(text, size, bold) <= width) return text;
  const characters = [...text];
  for (let kept = characters.length - 1; kept > 1; kept--) {
    const head = Math.ceil(kept * 0.6);
    const shorter = `${characters.slice(0, head).join("")}…${characters.slice(characters.length - (kept - head)).join("")}`;
    if (textWidth(shorter, size, bold) <= width) return shorter;
  }
  return "…";
}

/** Words on lines of at most this width. */
export function wrapped(text: string, size: number, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer, size) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === "" ? lines : [...lines, line];
}

export interface TextOptions {
  readonly size?: number;
  readonly fill: string;
  readonly anchor?: "start" | "middle" | "end";
  readonly bold?: boolean;
  /** A border of this color keeps the text readable on lines. */
  readonly halo?: string;
  readonly rest?: Attributes;
}

/** A line of text with its baseline at (x, y). */
export function textAt(x: number, y: number, text: string, options: TextOptions): string {
  const { size = fontSizes.label, fill, anchor = "start", bold, halo, rest } = options;
  return el(
    "text",
    {
      x,
      y,
      "font-size": size,
      fill,
      "text-anchor": anchor === "start" ? undefined : anchor,
      "font-weight": bold ? "bold" : undefined,
      ...(halo ? { stroke: halo, "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke" } : {}),
      ...rest,
    },
    escapeText(text),
  );
}
