import { describe, expect, it } from "vitest";
import { planted } from "../../test/planted/sweeps.ts";
import { wilson } from "./agreement.ts";
import { runsInCells } from "./sweep-cells.ts";
import { sweepTable, type SweptRun } from "./sweep-table.ts";

const at = (weightDecay: number, dMlp: number) => ({ "optimizer.weightDecay": weightDecay, "model.dMlp": dMlp });
const grok = (generalizeStep: number) => ({ label: "grok" as const, fitStep: 500, generalizeStep });

const runs: readonly SweptRun[] = [
  planted(at(1, 64), 0, "fail"),
  planted(at(0.1, 64), 2, "memorize"),
  planted(at(0.1, 64), 0, grok(4000)),
  planted(at(0.1, 64), 1, grok(6000)),
  planted(at(0.1, 128), 0, grok(3000)),
  planted(at(1, 128), 0, null),
];

describe("the table of a sweep", () => {
  it("has a row for each setting, by the options that vary, whatever the order of the runs", () => {
    const { varied, rows } = sweepTable(runs);
    expect(varied.map(({ name, short, values }) => [name, short, values])).toEqual([
      ["model.dMlp", "dMlp", [64, 128]],
      ["optimizer.weightDecay", "weightDecay", [0.1, 1]],
    ]);
    expect(rows.map(({ label, n, open }) => [label, n, open])).toEqual([
      ["dMlp 64, weightDecay 0.1", 3, 0],
      ["dMlp 64, weightDecay 1", 1, 0],
      ["dMlp 128, weightDecay 0.1", 1, 0],
      ["dMlp 128, weightDecay 1", 0, 1],
    ]);
    expect(sweepTable(runs.toReversed()).rows.map(({ label }) => label)).toEqual(rows.map(({ label }) => label));
  });

  it("counts labels with k of n, and the share that generalizes with its interval", () => {
    const [row] = sweepTable(runs).rows;
    expect(row).toMatchObject({ n: 3, k: 2, majority: "grok", counts: { grok: 2, memorize: 1, fail: 0 } });
    expect(row.generalized).toEqual({ k: 2, share: 2 / 3, interval: wilson(2, 3) });
  });

  it("counts runs that were cut off as censored: a median that they leave open is absent", () => {
    const [row] = sweepTable(runs).rows;
    // Two of three by 6,000: half is reached there. The upper quartile waits for the third.
    expect(row.generalizeStep).toMatchObject({ median: 6000, q25: 4000, q75: null, observed: 2, censored: 1 });
    expect(row.delay).toMatchObject({ median: 5500, q25: 3500, observed: 2, censored: 1 });
    const open = sweepTable([...runs, planted(at(0.1, 64), 3, "memorize"), planted(at(0.1, 64), 4, "memorize")]);
    expect(open.rows[0].generalizeStep.median).toBeNull();
  });

  it("leaves a run that never fitted out of the delay, not out of the step", () => {
    const never = planted(at(0.1, 64), 5, { label: "fail", fitStep: null });
    const [row] = sweepTable([...runs, never]).rows;
    expect(row.fitStep).toMatchObject({ observed: 3, censored: 1 });
    expect(row.delay).toMatchObject({ observed: 2, censored: 1 });
  });

  it("takes settings together by the hyperparameters that are asked for", () => {
    const { rows, total } = sweepTable(runs, ["weightDecay"]);
    expect(rows.map(({ label, n, open, counts }) => [label, n, open, counts.grok])).toEqual([
      ["weightDecay 0.1", 4, 0, 3],
      ["weightDecay 1", 1, 1, 0],
    ]);
    expect(total).toMatchObject({ label: "all", n: 5, open: 1 });
    expect(() => sweepTable(runs, ["wieghtDecay"])).toThrow(/did you mean "weightDecay"/);
  });

  it("takes the place on the declared axes, points by their names in the order of their declaration", () => {
    const variant = (name: string) => ({ setting: { variant: name } });
    const declared = [
      { ...runs[3], ...variant("untied") },
      { ...runs[0], ...variant("tied") },
    ];
    expect(sweepTable(declared).rows.map(({ label }) => label)).toEqual(["variant untied", "variant tied"]);
  });

  it("is one row where only the seed varies, and none where there is no run", () => {
    const same = runs.slice(1, 4);
    expect(sweepTable(same).rows.map(({ label, n }) => [label, n])).toEqual([["all", 3]]);
    expect(sweepTable([])).toMatchObject({ varied: [], rows: [], total: { n: 0, majority: null } });
  });

  it("is plain JSON", () => {
    const table = sweepTable(runs);
    expect(JSON.parse(JSON.stringify(table))).toEqual(table);
  });

  it("knows values that are spaced for a logarithmic axis", () => {
    const of = (values: readonly number[]) =>
      sweepTable(values.map((value) => planted({ "optimizer.weightDecay": value }, 0, "fail"))).varied[0].log;
    expect(of([0.01, 0.03, 0.1, 0.3, 1])).toBe(true);
    expect(of([16, 32, 64, 128, 258])).toBe(true);
    expect(of([750, 1000, 1250, 1500, 1750])).toBe(false);
    expect(of([0.2, 0.3, 0.4, 0.5, 0.9])).toBe(false);
    expect(of([0, 0.1, 1])).toBe(false);
  });

  it("names an option in full where another that varies has the same name", () => {
    const one = planted({ "task.n": 30, "model.initScale": 1 }, 0, "fail");
    const other = { ...planted({ "task.n": 31 }, 0, "fail"), setting: { "task.n": 31, "model.n": 2 } };
    const { varied } = sweepTable([{ ...one, setting: { "task.n": 30, "model.n": 1 } }, other]);
    expect(varied.map(({ short }) => short)).toEqual(["task.n", "model.n"]);
  });
});

describe("cells of a sweep", () => {
  it("are chosen by full and short names, by one value or several, and by the seed", () => {
    const ids = (cells: Parameters<typeof runsInCells>[1]) => runsInCells(runs, cells).length;
    expect(ids({})).toBe(6);
    expect(ids({ weightDecay: 0.1 })).toBe(4);
    expect(ids({ "optimizer.weightDecay": [0.1, 1], dMlp: 128 })).toBe(2);
    expect(ids({ seed: [1, 2] })).toBe(2);
    expect(ids({ weightDecay: 7 })).toBe(0);
    expect(() => ids({ weigthDecay: 1 })).toThrow(/did you mean "optimizer.weightDecay"|known:/);
  });
});
