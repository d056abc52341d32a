/** SVG is built as text: the same call serves a terminal, a page at every scrub, and a test. */

type Value = string | number | boolean | null | undefined;
export type Attributes = Readonly<Record<string, Value>>;

// What XML cannot hold at all (control characters, lone halves of a pair, two non-characters), and what it reads as markup.
const unwritable =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Any text, safe as content and in an attribute. */
export const escapeText = (text: string): string =>
  text
    .replace(unwritable, "\ufffd")
    .replace(/[&<>"]/g, (character) => entities[character])
    .replace(/[\t\n\r]+/g, " ");

/**
 * A coordinate: at most two decimals, so that the same figure is the same text wherever it is made. Written from whole
 * numbers, which engines print several times faster than fractions: a curve is little else.
 */
export function px(value: number): string {
  const hundredths = Math.round(value * 100);
  if (hundredths % 100 === 0) return String(hundredths / 100 || 0); // no -0
  const size = Math.abs(hundredths);
  if (!(size < 1e15)) return String(value);
  const rest = size % 100;
  const digits = rest % 10 === 0 ? String(rest / 10) : rest < 10 ? `0${rest}` : String(rest);
  return `${hundredths < 0 ? "-" : ""}${Math.floor(size / 100)}.${digits}`;
}

/** One element. Numbers are rounded to two decimals; an attribute that is undefined, null or false is left out. */
export function el(name: string, attributes: Attributes, ...content: readonly (string | readonly string[])[]): string {
  const inner = content.flat().join("");
  const open = `<${name}${attributesText(attributes)}`;
  return inner === "" ? `${open}/>` : `${open}>${inner}</${name}>`;
}

export function attributesText(attributes: Attributes): string {
  let text = "";
  for (const name in attributes) {
    const value = attributes[name];
    if (value === undefined || value === null || value === false) continue;
    text += ` ${name}="${typeof value === "number" ? px(value) : escapeText(String(value))}"`;
  }
  return text;
}

export const group = (attributes: Attributes, ...content: readonly (string | readonly string[])[]): string =>
  el("g", attributes, ...content);

/** A number as it is, for data attributes that a page computes with. */
export const exact = (value: number): string => String(value);
