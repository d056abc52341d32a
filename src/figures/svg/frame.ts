import { attributesText, el, escapeText, exact, group, px, type Attributes } from "./markup.ts";
import type { Scale } from "./scale.ts";
import { fitted, fontFamily, fontSizes, textAt } from "./text.ts";
import { light, type Theme } from "./theme.ts";

/** What every figure takes. */
export interface FigureOptions {
  /** Width in pixels. */
  readonly width?: number | undefined;
  readonly theme?: Theme | undefined;
  readonly title?: string | undefined;
}

/** A rectangle of a figure with an axis each way. */
export interface Panel {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly x: Scale;
  readonly y: Scale;
}

/** The attributes by which a page finds the value under the pointer. */
export function plotAttributes({ left, top, width, height, x, y }: Panel): Attributes {
  return {
    "data-plot": [left, top, width, height].map((n) => Math.round(n * 100) / 100).join(","),
    "data-x-domain": x.domain.map(exact).join(","),
    "data-y-domain": y.domain.map(exact).join(","),
    "data-x-scale": x.kind,
    "data-y-scale": y.kind,
  };
}

export interface Frame extends FigureOptions {
  readonly width: number;
  readonly height: number;
  /** What the figure shows and what to see in it, read out by screen readers. */
  readonly label: string;
  /** The panel under the pointer; where there are several, the first, and each carries its own. */
  readonly panel?: Panel | undefined;
  readonly attributes?: Attributes;
}

/** Height that a title takes. */
export const titleHeight = (title: string | undefined): number => (title === undefined ? 0 : 28);

/** A whole figure as SVG text: paper, title, content. */
export function frame(options: Frame, ...content: readonly (string | readonly string[])[]): string {
  const { width, height, label, title, theme = light, panel, attributes } = options;
  const root = attributesText({
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`,
    width: Math.ceil(width),
    height: Math.ceil(height),
    role: "img",
    "aria-label": label,
    "font-family": fontFamily,
    style: "max-width:100%;height:auto",
    ...(panel ? plotAttributes(panel) : {}),
    ...attributes,
  });
  const heading =
    title === undefined
      ? ""
      : textAt(12, 19, fitted(title, fontSizes.title, width - 24, true), {
          size: fontSizes.title,
          bold: true,
          fill: theme.ink,
        });
  const paper = `<rect width="100%" height="100%" fill="${escapeText(theme.paper)}"/>`;
  return `<svg${root}>${paper}${heading}${content.flat().join("")}</svg>\n`;
}

/** A figure with nothing to show, which says why. */
export function emptyFrame(why: string, { width = 360, theme = light, title }: FigureOptions = {}): string {
  const height = titleHeight(title) + 60;
  return frame(
    { width, height, label: why, title, theme },
    textAt(12, height - 24, fitted(why, fontSizes.label, width - 24), { fill: theme.muted }),
  );
}

/** A panel's content, with what a page needs to read it. */
export const panelGroup = (panel: Panel, ...content: readonly (string | readonly string[])[]): string =>
  group(plotAttributes(panel), ...content);

/** Content of a panel, cut off at its edges: a viewport of its own, which needs no id that another figure may have. */
export function clip({ left, top, width, height }: Panel, ...content: readonly (string | readonly string[])[]): string {
  // Two pixels of air, so that a line along the edge keeps its weight.
  const box = [left - 2, top - 2, width + 4, height + 4].map(px);
  const [x, y, w, h] = box;
  return el("svg", { x, y, width: w, height: h, viewBox: box.join(" ") }, ...content);
}
