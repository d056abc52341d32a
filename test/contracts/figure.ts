import { describe, expect, it } from "vitest";
import { dark, light, type Theme } from "../../src/figures/svg/index.ts";

/** A figure of planted rows, ready to be drawn. */
export interface FigureSample {
  readonly name: string;
  /** One sentence for the gallery. */
  readonly caption: string;
  /** What `groklab figure` is asked for, where it is not called like this sample. */
  readonly command?: string;
  readonly draw: (look: { readonly theme?: Theme; readonly width?: number; readonly title?: string }) => string;
}

const hostile = `</text><script>alert("&")</script>\u0000`;

/** What every figure must hold, whatever it shows. */
export function testFigure({ name, draw }: FigureSample): void {
  describe(name, () => {
    const svg = draw({});

    it("is well-formed, and says in words what it shows", () => {
      expect(malformed(svg)).toBe("");
      const [, label = ""] = /^<svg[^>]* aria-label="([^"]+)"/.exec(svg) ?? [];
      expect(label.length).toBeGreaterThan(20);
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]* role="img"/);
    });

    it("has no value that is none", () => {
      expect(svg).not.toMatch(/NaN|undefined|Infinity|\[object/);
    });

    it("tells a page where its panels are", () => {
      for (const [, box] of svg.matchAll(/data-plot="([^"]+)"/g)) {
        const [left, top, width, height] = box.split(",").map(Number);
        expect(width * height).toBeGreaterThan(0);
        expect(left).toBeGreaterThanOrEqual(0);
        expect(left + width).toBeLessThanOrEqual(sizeOf(svg).width + 0.01);
        expect(top + height).toBeLessThanOrEqual(sizeOf(svg).height + 0.01);
      }
      expect(svg).toContain("data-plot=");
    });

    it("keeps its words inside, at the width of a telephone too", () => {
      for (const drawn of [svg, draw({ width: 340 })]) {
        const { width, height } = sizeOf(drawn);
        for (const [, x, y] of drawn.matchAll(/<text x="(-?[\d.]+)" y="(-?[\d.]+)"/g)) {
          expect(Number(x)).toBeGreaterThanOrEqual(0);
          expect(Number(x)).toBeLessThanOrEqual(width);
          expect(Number(y)).toBeGreaterThanOrEqual(0);
          expect(Number(y)).toBeLessThanOrEqual(height);
        }
      }
      expect(sizeOf(draw({ width: 340 })).width).toBe(340);
    });

    it("shows a hostile title as text", () => {
      const titled = draw({ title: hostile, width: 1200 });
      expect(malformed(titled)).toBe("");
      expect(titled).not.toContain("<script");
      expect(titled).toContain("&lt;script&gt;");
    });

    it("is the same text each time, and in the dark differs in its colors alone", () => {
      expect(draw({})).toBe(svg);
      const colorless = (text: string): string => text.replace(/#[0-9a-f]{6}/g, "#");
      const night = draw({ theme: dark });
      expect(night).not.toBe(svg);
      expect(colorless(night)).toBe(colorless(svg));
      expect(night).not.toContain(light.ink);
    });
  });
}

const sizeOf = (svg: string) => {
  const [, width = "0", height = "0"] = /^<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  return { width: Number(width), height: Number(height) };
};

/** What is wrong with a text as XML: tags that do not nest, attributes given twice, stray signs. Empty for nothing. */
export function malformed(xml: string): string {
  const open: string[] = [];
  let at = 0;
  const tag = /<(\/?)([a-zA-Z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/y;
  while (at < xml.length) {
    const next = xml.indexOf("<", at);
    const text = xml.slice(at, next < 0 ? undefined : next);
    if (/&(?!(amp|lt|gt|quot);)|>/.test(text)) return `text ${text.slice(0, 60)}`;
    if (next < 0) break;
    tag.lastIndex = next;
    const found = tag.exec(xml);
    if (!found) return `tag ${xml.slice(next, next + 80)}`;
    const [whole, closing, name, attributes, empty] = found;
    const names = [...attributes.matchAll(/([\w:-]+)="/g)].map(([, attribute]) => attribute);
    if (new Set(names).size !== names.length) return `an attribute twice: ${whole}`;
    if (/&(?!(amp|lt|gt|quot);)/.test(attributes)) return `attribute ${whole}`;
    if (closing && open.pop() !== name) return `</${name}> closes another tag`;
    if (!closing && !empty) open.push(name);
    at = next + whole.length;
  }
  return open.length > 0 ? `<${open.join(">, <")}> stays open` : "";
}
