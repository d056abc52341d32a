import { describe, expect, it } from "vitest";
import { evalAt, planOf, verdictOf } from "../../../../test/store/samples.ts";
import type { RunRecord } from "../../../../src/runs/store.ts";
import { chosenRows, grouped, rowOf } from "./table.ts";

const record = (id: string, seed: number, more: Partial<RunRecord> = {}): RunRecord => ({
  id,
  plan: planOf(seed),
  status: "finished",
  step: 100,
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:00:00.000Z",
  seconds: 1,
  software: "test",
  last: evalAt(100),
  ...more,
});
const grokked = { ...verdictOf("grok"), generalizeStep: 90 };
const rows = [
  record("b-s10", 10, { verdict: { ...grokked, generalizeStep: 50 } }),
  record("a-s0", 0, { verdict: grokked }),
  record("a-s1", 1, { status: "running" }),
  record("a-s2", 2, { verdict: { ...verdictOf("memorize"), generalizeStep: null } }),
].map(rowOf);
const all = { text: "", task: "", label: "", sort: "seed", descending: false } as const;
const ids = (found: readonly { readonly id: string }[]) => found.map(({ id }) => id);

describe("the table of runs", () => {
  it("says of a run that nobody trains any more that it was killed", () => {
    expect(rows.find(({ id }) => id === "a-s1")?.status).toBe("killed");
  });

  it("sorts numbers as numbers, either way, with what has no value last", () => {
    expect(ids(chosenRows(rows, all))).toEqual(["a-s0", "a-s1", "a-s2", "b-s10"]);
    const byStep = { ...all, sort: "generalizeStep" } as const;
    expect(ids(chosenRows(rows, byStep))).toEqual(["b-s10", "a-s0", "a-s1", "a-s2"]);
    expect(ids(chosenRows(rows, { ...byStep, descending: true }))).toEqual(["a-s0", "b-s10", "a-s1", "a-s2"]);
  });

  it("finds all words, verdicts and states", () => {
    expect(ids(chosenRows(rows, { ...all, text: "A- memor" }))).toEqual(["a-s2"]);
    expect(ids(chosenRows(rows, { ...all, label: "grok" }))).toEqual(["a-s0", "b-s10"]);
    expect(ids(chosenRows(rows, { ...all, label: "killed" }))).toEqual(["a-s1"]);
    expect(chosenRows(rows, { ...all, task: "sparse-parity" })).toEqual([]);
  });

  it("puts the seeds of one plan together, with their verdicts counted", () => {
    const [a, b] = grouped(chosenRows(rows, all));
    expect(ids(a.rows)).toEqual(["a-s0", "a-s1", "a-s2"]);
    expect(a.counts).toEqual([
      { label: "grok", count: 1 },
      { label: "memorize", count: 1 },
      { label: "no verdict", count: 1 },
    ]);
    expect(a.generalizeStep).toBe(90);
    expect(b.generalizeStep).toBe(50);
  });
});
