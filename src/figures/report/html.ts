import { adaptive, escapeText, type Theme } from "../svg/index.ts";

/** A part of the page: markup that is safe to put in. Text becomes one by `text`. */
export type Html = string & { readonly safe?: true };

export const text = (words: string): Html => escapeText(words);

type Content = Html | readonly Html[];
const joined = (content: readonly Content[]): string => content.flat().join("");

export const paragraph = (...content: readonly Content[]): Html => `<p>${joined(content)}</p>`;
export const strong = (words: string): Html => `<strong>${text(words)}</strong>`;
/** Words that stay on one line: in a table, which scrolls instead. */
export const together = (words: string): Html => `<span class="together">${text(words)}</span>`;
/** A sentence in a table, which scrolls rather than set it word by word. */
export const example = (words: string): Html => `<span class="example">${code(words)}</span>`;
export const code = (words: string): Html => `<code>${text(words)}</code>`;

export const list = (items: readonly Html[]): Html => `<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul>`;

/** A part of the story with its heading; without content it is left out. */
export function section(id: string, heading: string, ...content: readonly Content[]): Html {
  const inner = joined(content);
  return inner === "" ? "" : `<section id="${id}"><h2>${text(heading)}</h2>${inner}</section>`;
}

export const subsection = (heading: string, ...content: readonly Content[]): Html => {
  const inner = joined(content);
  return inner === "" ? "" : `<h3>${text(heading)}</h3>${inner}`;
};

export interface Column {
  readonly title: string;
  readonly number?: boolean;
}

/** A table that scrolls by itself where it is wider than the page. */
export function table(columns: readonly Column[], rows: readonly (readonly Html[])[]): Html {
  if (rows.length === 0) return "";
  const cell = (tag: "th" | "td", content: Html, column: Column): Html =>
    `<${tag}${column.number ? ' class="number"' : ""}${tag === "th" ? ' scope="col"' : ""}>${content}</${tag}>`;
  const head = columns.map((column) => cell("th", text(column.title), column)).join("");
  const body = rows.map((row) => `<tr>${row.map((content, i) => cell("td", content, columns[i])).join("")}</tr>`);
  return `<div class="scroll" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

/** How wide a figure is drawn: on a screen with room, and on a telephone. */
const wide = 760;
const narrow = 346;

/**
 * A figure with its caption. Drawn twice, because text that is scaled down cannot be read: the page shows the one that
 * fits. Colors are the page's, so that it turns dark with it.
 */
export function figure(
  draw: (look: { readonly theme: Theme; readonly width: number }) => string,
  ...caption: readonly Content[]
): Html {
  const at = (width: number): string => draw({ theme: adaptive, width }).trim();
  return `<figure><div class="wide">${at(wide)}</div><div class="narrow">${at(narrow)}</div><figcaption>${joined(caption)}</figcaption></figure>`;
}

/** What is left of a number for a reader. */
export const number = (value: number, digits = 3): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(digits))).replace("-", "\u2212") : "none";
export const percent = (share: number): string => {
  if (!Number.isFinite(share)) return "none";
  // All and nothing are said only of all and nothing.
  if (share > 0.9995 && share < 1) return "99.9+ %";
  return `${Number((100 * share).toFixed(share < 0.01 ? 2 : 1))} %`;
};
export const degrees = (radians: number): string => `${number((180 / Math.PI) * radians)}°`;
export const counted = (n: number, thing: string): string => `${whole(n)} ${thing}${n === 1 ? "" : "s"}`;
export const whole = (n: number): string => n.toLocaleString("en-US");
/** `4`, `4 and 5`, `4, 5 and 26` */
export const listed = (items: readonly (string | number)[]): string =>
  items.length <= 1 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
