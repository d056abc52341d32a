import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  adaptive,
  colorBar,
  dark,
  decades,
  el,
  endLabels,
  escapeText,
  fitted,
  frame,
  heat,
  light,
  linear,
  linearTicks,
  linePath,
  log,
  markRows,
  plain,
  power,
  px,
  stepMarks,
  textWidth,
  themeVariables,
  wrapped,
} from "./index.ts";

const panel = {
  left: 40,
  top: 20,
  width: 200,
  height: 100,
  x: linear([0, 10], [40, 240]),
  y: linear([0, 1], [120, 20]),
};

describe("markup", () => {
  it("escapes what XML reads as markup and drops what it cannot hold", () => {
    expect(escapeText(`<a "b"> & \u0000\ud800 \u{1d11e}`)).toBe("&lt;a &quot;b&quot;&gt; &amp; \ufffd\ufffd \u{1d11e}");
    expect(el("a", { b: `"><script>`, c: undefined, d: false, e: 1.23456 })).toBe(
      `<a b="&quot;&gt;&lt;script&gt;" e="1.23"/>`,
    );
  });

  it("rounds to two decimals and knows no negative zero", () => {
    expect([1 / 3, -0.001, 12, -2.05, 0.1, -0.5].map(px)).toEqual(["0.33", "0", "12", "-2.05", "0.1", "-0.5"]);
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
        expect(Number(px(value))).toBe(Math.round(value * 100) / 100 || 0);
      }),
    );
  });
});

describe("scales", () => {
  it("invert undoes at", () => {
    const ends = fc.tuple(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(ends, fc.double({ min: 0, max: 1, noNaN: true }), ([from, more], share) => {
        const scale = linear([from, from + more], [10, 300]);
        const value = from + share * more;
        expect(Math.abs(scale.invert(scale.at(value)) - value)).toBeLessThan(1e-6 * (1 + Math.abs(value)));
        const positive = log([more, more * 1000], [100, 0]);
        const inside = more * 1000 ** share;
        expect(positive.invert(positive.at(inside)) / inside).toBeCloseTo(1, 9);
      }),
    );
  });

  it("have ticks at round numbers inside the domain, about as many as asked", () => {
    expect(linearTicks(0, 50_000, 5)).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000]);
    expect(linearTicks(-0.3, 0.3, 3)).toEqual([-0.2, 0, 0.2]);
    expect(log([1e-7, 10], [100, 0]).ticks(4)).toEqual([1e-5, 1e-2, 10]);
    expect(log([1e-7, 10], [100, 0]).ticks(9)).toHaveLength(9);
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (from, more) => {
        const ticks = linearTicks(from, from + more, 5);
        expect(ticks.length).toBeLessThanOrEqual(12);
        for (const tick of ticks) {
          expect(tick).toBeGreaterThanOrEqual(from - more * 1e-6 - Math.abs(from) * 1e-9);
          expect(tick).toBeLessThanOrEqual(from + more * (1 + 1e-6) + Math.abs(from) * 1e-9);
        }
      }),
    ); // prettier-ignore
  });

  it("of a single value, of none and of what is not finite still have an extent", () => {
    expect(linear([3, 3], [0, 10]).at(3)).toBe(5);
    expect(linear([NaN, 1], [0, 10]).at(0.5)).toBe(5);
    expect(decades([])).toEqual([0.1, 1]);
    expect(decades([0, NaN, -1, 1e-7, 3])).toEqual([1e-7, 10]);
    expect(decades([1])).toEqual([1, 10]);
  });

  it("write numbers short", () => {
    expect([50_000, 0.25, -5, 1e-5, 2e6, 0].map(plain)).toEqual(["50k", "0.25", "−5", "1e−5", "2M", "0"]);
    expect([1e-7, 0.01, 1, 100, 1e4, 2].map(power)).toEqual(["10⁻⁷", "0.01", "1", "100", "10⁴", "2"]);
  });
});

describe("linePath", () => {
  it("breaks where a value has no place and keeps a lone point visible", () => {
    expect(linePath([0, 5, 10], [0, NaN, 1], panel.x, panel.y)).toBe("M40 120h0M240 20h0");
    expect(linePath([0, 10], [0, 1], panel.x, panel.y)).toBe("M40 120L240 20");
  });

  it("of a long curve has at most four points for each pixel, and none of its peaks is lost", () => {
    const n = 100_000;
    const xs = Float64Array.from({ length: n }, (_, i) => (10 * i) / n);
    const ys = Float64Array.from({ length: n }, (_, i) => (i === 54_321 ? 1 : 0.25 + 0.1 * Math.sin(i)));
    const path = linePath(xs, ys, panel.x, panel.y);
    expect(path.split(/[MLV]/).length).toBeLessThan(4 * 202);
    expect(path).toContain("V20");
  });
});

describe("heat", () => {
  const of = (data: readonly number[], cols: number) =>
    heat(
      { rows: data.length / cols, cols, data },
      { left: 0, top: 0, cellWidth: 5, cellHeight: 4, range: 1, theme: light },
    );

  it("draws positive and negative in their colors, equal neighbors at once, and no zero", () => {
    const svg = of([1, 1, 0, -1, 2, NaN], 3);
    expect(svg.match(/<path/g)).toHaveLength(2);
    expect(svg).toContain(`transform="translate(0 0) scale(5 4)"`);
    expect(svg).toContain(`d="M0 0h2v1h-2zM1 1h1v1h-1z" fill="${light.positive}"`);
    expect(svg).toContain(`d="M0 1h1v1h-1z" fill="${light.negative}"`);
  });

  it("has a key with its range", () => {
    const bar = colorBar({ left: 0, top: 0, width: 10, height: 60, range: 4.5, theme: dark });
    expect(bar).toContain(">+4.5<");
    expect(bar).toContain(">−4.5<");
  });
});

describe("text", () => {
  it("that is too long keeps its beginning and end", () => {
    expect(fitted("short", 12, 100)).toBe("short");
    const cut = fitted("a".repeat(50) + "b".repeat(50), 12, 200);
    expect(cut).toMatch(/^a+…b+$/);
    expect(textWidth(cut, 12)).toBeLessThanOrEqual(200);
  });

  it("wraps at words", () => {
    expect(wrapped("one two three", 12, textWidth("one two ", 12))).toEqual(["one two", "three"]);
  });
});

describe("marks", () => {
  it("whose labels would meet stand on rows of their own", () => {
    const close = [4, 4.1, 9].map((step) => ({ step, label: `label ${step}` }));
    expect(markRows(close, panel)).toBe(2);
    expect(markRows([], panel)).toBe(0);
    expect(stepMarks(close, panel, light).match(/<text/g)).toHaveLength(3);
  });

  it("at line ends are pushed apart, inside the panel", () => {
    const labels = [20, 21, 119, 120].map((y) => ({ text: `t${y}`, y, fill: "red" }));
    const ys = [...endLabels(labels, 0, 20, 120).matchAll(/ y="([\d.]+)"/g)].map(([, y]) => Number(y) - 4);
    for (let i = 1; i < ys.length; i++) expect(ys[i] - ys[i - 1]).toBeGreaterThanOrEqual(13);
    expect(Math.max(...ys)).toBeLessThanOrEqual(120);
  });
});

describe("themes", () => {
  it("name the same colors, and the adaptive one has a variable for each", () => {
    const names = (css: string): readonly string[] => [...css.matchAll(/--gl-([a-z0-9-]+)/gi)].map(([, name]) => name);
    expect(names(themeVariables(dark))).toEqual(names(themeVariables(light)));
    const used = new Set(names(JSON.stringify(adaptive)));
    expect([...used].sort()).toEqual([...names(themeVariables(light))].sort());
  });

  it("keep text readable on the paper, and train and test apart in lightness from it", () => {
    for (const theme of [light, dark]) {
      for (const color of [theme.ink, theme.muted, theme.train, theme.test, theme.correct, ...theme.categories]) {
        expect(contrast(color, theme.paper), `${color} on ${theme.name} paper`).toBeGreaterThanOrEqual(3.9);
      }
    }
  });

  it("tell positive from negative weights by lightness, too", () => {
    for (const theme of [light, dark]) expect(contrast(theme.positive, theme.negative)).toBeGreaterThanOrEqual(1.7);
  });

  const luminance = (color: string): number =>
    [1, 3, 5]
      .map((at) => parseInt(color.slice(at, at + 2), 16) / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
      .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (a: string, b: string): number => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
});

describe("frame", () => {
  it("says what it shows and where its panel is", () => {
    const svg = frame({ width: 300, height: 150, label: `a "b"`, title: "<t>", panel });
    expect(svg).toContain(`aria-label="a &quot;b&quot;"`);
    expect(svg).toContain(`data-plot="40,20,200,100"`);
    expect(svg).toContain(`>&lt;t&gt;</text>`);
  });
});
