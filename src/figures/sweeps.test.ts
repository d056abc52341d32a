import { describe, expect, it } from "vitest";
import { grokker, memorizer } from "../../test/planted/curves.ts";
import { planted } from "../../test/planted/sweeps.ts";
import { fitLaw, timedPoints, type SweptRun } from "../verdict/index.ts";
import { cellCurves } from "./cell-curves.ts";
import { bandOf, seedCurves } from "./seed-curves.ts";
import { shareBars } from "./share-bars.ts";
import { dark, textWidth } from "./svg/index.ts";
import { chosenAxes } from "./sweep-axes.ts";
import { timeScatter } from "./time-scatter.ts";
import { dotAt, manyRuns, verdictMap } from "./verdict-map.ts";

/** Train size x width x weight decay x seed: everything groks, later with less weight decay; the smallest never. */
const runs: readonly SweptRun[] = [750, 1750].flatMap((trainSize) =>
  [16, 32, 64].flatMap((dMlp) =>
    [0.01, 0.1, 1].flatMap((weightDecay) =>
      [0, 1, 2, 3].map((seed) =>
        planted(
          { "task.trainSize": trainSize, "model.dMlp": dMlp, "optimizer.weightDecay": weightDecay },
          seed,
          weightDecay === 0.01
            ? "memorize"
            : { label: "grok", fitStep: 200, generalizeStep: 200 + Math.round((300 + 20 * seed) / weightDecay) },
        ),
      ),
    ),
  ),
);
const count = (svg: string, what: RegExp) => svg.match(what)?.length ?? 0;

describe("the verdict map", () => {
  const svg = verdictMap(runs);

  it("has a cell for each setting, in it a mark for each seed, of the shape and color of its class", () => {
    expect(count(svg, /data-cell=/g)).toBe(18);
    expect(count(svg, /data-run=/g)).toBe(72);
    expect(count(svg, /fill="#f7db5c"/g)).toBe(48 + 1); // and one in the legend
    expect(svg).toContain("grok (48)");
    expect(svg).toContain("trainSize 750, dMlp 16, weightDecay 0.01: 4 of 4 memorize");
    expect(svg).toContain("Verdicts of 72 runs in 18 settings: 48 grok, 24 memorize. All seeds agree in 18 settings.");
  });

  it("reads train size up, width along and weight decay in facets, or as it is told", () => {
    expect(count(svg, />weightDecay 0\.\d+</g)).toBe(2);
    const other = verdictMap(runs, { x: "weightDecay", facets: ["dMlp"], y: "trainSize" });
    expect(count(other, />dMlp (16|32|64)</g)).toBe(3);
    expect(() => verdictMap(runs, { x: "with" })).toThrow(/what varies in this sweep: trainSize, dMlp, weightDecay/);
  });

  it("colors the dots by a time, in shades of equal shares, and leaves the classes their shapes", () => {
    const map = verdictMap(runs, { shade: "delay" });
    // Twelve seeds of each delay, of eight that differ, at five shades; 24 never generalize.
    expect(map).toContain("delay from fitting to generalizing: up to ");
    expect(map).toContain("none (24 runs)");
    const opacities = [...map.matchAll(/fill-opacity="([\d.]+)" stroke="[^"]*" data-run/g)].map(([, opacity]) => Number(opacity)); // prettier-ignore
    expect(opacities).toHaveLength(48);
    expect(new Set(opacities).size).toBe(5);
    expect(count(map, /fill="(?!none)[^"]*" stroke="[^"]*" stroke-opacity="0.6" data-run/g)).toBe(24);
    expect(map).toContain(">grok (48)<");
    // The later, the darker: weight decay 0.1 takes ten times as long as 1.
    const shadesOf = (decay: string) => [...map.split("data-cell=").filter((cell) => cell.includes(`weightDecay ${decay}: `)).join("").matchAll(/fill-opacity="([\d.]+)"[^>]*data-run/g)].map(([, opacity]) => Number(opacity)); // prettier-ignore
    expect(Math.min(...shadesOf("0.1"))).toBeGreaterThan(Math.max(...shadesOf("1")));
    expect(verdictMap(runs.slice(0, 4), { shade: "delay" })).toContain("none (4 runs)");
  });

  it("keeps a place for runs that have no verdict yet", () => {
    const open = { ...runs[0], verdict: undefined };
    const some = verdictMap([open, ...runs.slice(1)]);
    expect(count(some, /data-run=/g)).toBe(72);
    expect(some).toContain("3 of 3 memorize, 1 run to come");
    expect(verdictMap([])).toContain("No runs yet");
  });

  it("draws the dots of a class in a cell as one mark where there are thousands, and still knows which run is where", () => {
    const seeds = Array.from({ length: 50 }, (_, seed) => seed);
    const many: readonly SweptRun[] = Array.from({ length: 60 }, (_, i) => i + 1).flatMap((dMlp) =>
      seeds.map((seed) => ({
        ...{ id: `w${dMlp}-s${seed}`, plan: { ...runs[0].plan, seed }, setting: { "model.dMlp": dMlp } },
        verdict: { ...runs[0].verdict!, label: seed % 2 === 0 ? ("grok" as const) : ("fail" as const) },
      })),
    );
    const map = verdictMap(many);
    expect(many).toHaveLength(manyRuns);
    expect(count(map, /data-cell=/g)).toBe(60);
    expect(count(map, /data-run=/g)).toBe(0);
    expect(count(map, /<path /g)).toBe(2 + 2);
    expect(map).toContain('data-cell="dMlp 60"');

    // The first dot of each class is drawn where it is found, between two there is none, and none is lost.
    const [, left, top, side] = /<rect data-cell="[^"]*" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"/
      .exec(map)!
      .map(Number);
    const found = new Set<number | undefined>();
    for (let y = 0; y < side; y += 0.5) for (let x = 0; x < side; x += 0.5) found.add(dotAt(50, side + 1, x, y));
    found.delete(undefined);
    expect(found.size).toBe(50);
    const grok = map.match(/<path d="M([\d.]+) ([\d.]+)/)!;
    const r = 0.5 * ((side - 4) / 8);
    expect(dotAt(50, side + 1, Number(grok[1]) - left + 0.5 + r / 2, Number(grok[2]) - top + 0.5)).toBe(0);
    expect(dotAt(9, 30, 1, 1)).toBeUndefined();
  });

  it("takes the colors of a theme and the words of a source, and marks the cell that is looked at", () => {
    const other = verdictMap(runs, { theme: dark, words: { grok: "Grokking" }, selected: "trainSize 750, dMlp 16, weightDecay 0.1" }); // prettier-ignore
    expect(other).toContain("Grokking (48)");
    expect(count(other, /stroke="#e8eaed" stroke-width="2"/g)).toBe(1);
  });

  it("gives four hyperparameters a place, and pools the others unless they are named", () => {
    const varied = ["a", "b", "c", "d", "e", "f", "g"].map((short) => ({
      name: short,
      short,
      values: [1, 2],
      log: false,
    }));
    const names = (n: number, given = {}) => {
      const { x, y, facets, pooled } = chosenAxes(varied.slice(0, n), given);
      const listed = [facets, pooled].map((some) => some.map(({ short }) => short).join());
      return [x?.short, y?.short, ...listed];
    };
    expect(names(0)).toEqual([undefined, undefined, "", ""]);
    expect(names(1)).toEqual(["a", undefined, "", ""]);
    expect(names(2)).toEqual(["b", "a", "", ""]);
    expect(names(4)).toEqual(["b", "a", "c,d", ""]);
    expect(names(7)).toEqual(["b", "a", "c,d", "e,f,g"]);
    expect(names(2, { x: "a" })).toEqual(["a", "b", "", ""]);
    expect(names(2, { y: "b" })).toEqual(["a", "b", "", ""]);
    expect(names(3, { facets: ["a"] })).toEqual(["c", "b", "a", ""]);
    expect(names(5, { facets: [] })).toEqual(["b", "a", "", "c,d,e"]);
    expect(names(5, { x: "e", facets: ["d", "c", "b"] })).toEqual(["e", "a", "d,c,b", ""]);
    const long = varied.map((one) => ({ ...one, values: Array.from({ length: 6 }, (_, i) => i) }));
    expect(chosenAxes(long, {}).facets.map(({ short }) => short)).toEqual(["c"]);
  });

  describe("of seven hyperparameters", () => {
    const formula = (output: boolean) => (output ? "tied in and out and multiplied out" : "E(a) + E(b)");
    const seven: readonly SweptRun[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].flatMap((variant) =>
      [24, 128].flatMap((width) =>
        [0.01, 0.003].flatMap((learningRate) =>
          [0, 1, 2].map((seed) => ({
            ...{ id: `v${variant}w${width}l${learningRate}-s${seed}`, plan: { ...runs[0].plan, seed } },
            setting: {
              ...{ a: variant > 7, b: (variant & 4) > 0, c: (variant & 2) > 0, formula: formula(variant % 2 > 0) },
              ...{ width, learningRate, penalty: "decay 1" },
            },
            verdict: { ...runs[0].verdict!, label: width === 128 ? ("grok" as const) : ("memorize" as const) },
          })),
        ),
      ),
    );

    it("has a cell for each setting of four of them, the runs of the others in it by their class", () => {
      const map = verdictMap(seven);
      expect(count(map, /data-cell=/g)).toBe(16);
      expect(count(map, /data-run=/g)).toBe(192);
      expect(map).toContain("A cell holds every width and learningRate.");
      expect(map).toContain("in 16 cells, each over every width and learningRate: 96 grok, 96 memorize");
      const cells = map.split("data-cell=").slice(1);
      // Six groks of either rate, then six memorizers: shares are read off.
      for (const cell of cells) {
        const ids = [...cell.matchAll(/data-run="v\d+w(\d+)/g)].map(([, width]) => width);
        expect(ids).toEqual([...Array<string>(6).fill("128"), ...Array<string>(6).fill("24")]);
      }
    });

    it.each([280, 600, 900])("wraps the names of its facets so that none is cut or covered, at %i px", (width) => {
      const map = verdictMap(seven, { width });
      expect(map).not.toContain("…");
      const heads = [...map.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*font-weight="bold">([^<]*)</g)];
      expect(heads.length).toBeGreaterThanOrEqual(10);
      for (const [, left, y, text] of heads) {
        const end = Number(left) + textWidth(text, 11, true);
        expect(end).toBeLessThanOrEqual(width);
        for (const [, other, level] of heads) if (level === y && Number(other) > Number(left)) expect(Number(other)).toBeGreaterThan(end); // prettier-ignore
      }
      expect(map).toContain("<title>c false, formula tied in and out and multiplied out</title>");
    });
  });
});

describe("share bars", () => {
  it("have a bar for each value, with counts and the interval of the share that generalizes", () => {
    const svg = shareBars(runs, { by: ["weightDecay"] });
    expect(count(svg, /data-cell=/g)).toBe(3);
    expect(count(svg, /data-class="grok"/g)).toBe(2);
    expect(svg).toContain(">24 grok<");
    expect(svg).toContain("Most often generalizing: weightDecay 0.1, 24 of 24.");
  });
});

describe("a time against a hyperparameter", () => {
  it("marks events and censored runs, medians and the law", () => {
    const law = fitLaw(timedPoints(runs, "delay", "weightDecay"));
    const svg = timeScatter(runs, { x: "weightDecay", law });
    expect(count(svg, /data-censored="true"/g)).toBe(24);
    expect(count(svg, /data-run=/g)).toBe(72);
    expect(svg.match(/data-median="(\d+)"/g)).toEqual(['data-median="3200"', 'data-median="320"']);
    expect(svg).toContain("delay (steps) of 72 runs against weightDecay, 24 cut off before it. Fitted: delay ≈ ");
    expect(svg).toContain('data-x-scale="log"');
  });

  it("says why there is nothing to draw", () => {
    expect(timeScatter(runs.slice(0, 4))).toContain("Nothing that varies");
    const none = runs.map((run) => ({ ...run, verdict: undefined }));
    expect(timeScatter(none, { x: "weightDecay" })).toContain("No run has been watched");
  });
});

describe("curves of a cell", () => {
  const curved = [grokker(), memorizer(), grokker({ generalize: 10_000 })].map((evals, seed) => ({
    ...{ id: `run-s${seed}`, seed, label: seed === 1 ? ("memorize" as const) : ("grok" as const), evals },
  }));

  it("are small multiples with the class beside the seed", () => {
    const svg = cellCurves(curved);
    expect(count(svg, /data-run=/g)).toBe(3);
    expect(count(svg, /data-plot=/g)).toBe(3);
    expect(svg).toContain("seed 1: memorize");
    expect(cellCurves([])).toContain("No curves yet");
  });

  it("are one curve with a band, which holds the middle half", () => {
    const band = bandOf(curved, (e) => e.test.accuracy);
    expect(band.steps.at(-1)).toBe(30_000); // two of three are that long
    expect(band.n[0]).toBe(3);
    expect([...band.q25].every((low, i) => low <= band.median[i] && band.median[i] <= band.q75[i])).toBe(true);
    const one = bandOf(curved.slice(0, 1), (e) => e.test.loss);
    expect([...one.median]).toEqual(curved[0].evals.map((e) => e.test.loss));
    for (const measure of ["accuracy", "loss"] as const) {
      const svg = seedCurves(curved, { measure });
      expect(svg).toContain(`Median ${measure} of 3 seeds`);
      expect(svg).not.toContain("NaN");
    }
  });
});
