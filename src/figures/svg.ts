import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { palette } from "./palette.ts";

/** A document to draw into: figures are made without a page, in Node and in a browser alike. */
const { document } = parseHTML("<!doctype html><html><body></body></html>");

const NAMESPACE = "http://www.w3.org/2000/svg";
const FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif";

/** One plot as an SVG element of its own, to be placed into a figure. */
export function plotElement(options: Plot.PlotOptions): Element {
  return Plot.plot({ ...options, document, style: { fontFamily: FONT, fontSize: "12px", background: "none" } });
}

/**
 * A whole figure: plots one below the other under a title, on paper of its own, as SVG text. Coordinates are rounded to
 * three decimals, so that the text is the same wherever it is made.
 * @param description what the figure shows, read out by screen readers
 */
export function stacked(plots: readonly Element[], description: string, title?: string): string {
  const svg = document.createElementNS(NAMESPACE, "svg");
  let height = title === undefined ? 0 : 30;
  let width = 0;
  for (const plot of plots) {
    plot.setAttribute("y", String(height));
    height += Number(plot.getAttribute("height"));
    width = Math.max(width, Number(plot.getAttribute("width")));
  }
  const set = (name: string, value: string): void => svg.setAttribute(name, value);
  set("xmlns", NAMESPACE);
  set("viewBox", `0 0 ${width} ${height}`);
  set("width", String(width));
  set("height", String(height));
  set("role", "img");
  set("aria-label", description);
  svg.append(element("rect", { width: "100%", height: "100%", fill: palette.paper }), ...plots);
  if (title !== undefined) {
    const heading = element("text", {
      x: "12",
      y: "20",
      "font-family": FONT,
      "font-size": "14",
      "font-weight": "bold",
      fill: palette.ink,
    });
    heading.textContent = title;
    svg.append(heading);
  }
  return `${svg.outerHTML.replace(/-?\d+\.\d{4,}(?![\d%])/g, (number) => String(Number(Number(number).toFixed(3))))}\n`;
}

function element(name: string, attributes: Readonly<Record<string, string>>): Element {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
