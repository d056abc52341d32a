import { expect, it } from "vitest";
import { BusyError, StoreError } from "../errors.ts";
import { patience } from "./patience.ts";

const where = "postgres://ana@db/grok";
const refused = () => Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });

/** Fails with these one after the other, then gives 7. */
function failing(...errors: readonly Error[]) {
  const left = [...errors];
  return (): Promise<number> => {
    const error = left.shift();
    return error ? Promise.reject(error) : Promise.resolve(7);
  };
}

function patient(limit = 60_000) {
  const warnings: string[] = [];
  const waits: number[] = [];
  const sleep = (ms: number) => Promise.resolve(void waits.push(ms));
  return { warnings, waits, work: patience({ where, limit, onWarning: (line) => warnings.push(line), sleep }) };
}

it.each([
  refused(),
  Object.assign(new Error("terminating connection due to administrator command"), { code: "57P01" }),
  Object.assign(new Error("the database system is starting up"), { code: "57P03" }),
  Object.assign(new Error("sorry, too many clients already"), { code: "53300" }),
  Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }),
  new Error("Connection terminated unexpectedly"),
  new Error("Client has encountered a connection error and is not queryable"),
])("does it again after: %s", async (error) => {
  const { work, warnings, waits } = patient();
  expect(await work(failing(error, error, error))).toBe(7);
  expect(waits).toHaveLength(3);
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toMatch(/^postgres:\/\/ana@db\/grok: .*; trying again$/);
  expect(warnings[1]).toBe("postgres://ana@db/grok: the server is back");
});

it("waits longer and longer, up to some seconds, and not to the same beat as others", async () => {
  const { work, waits } = patient(1e9);
  await work(failing(...Array.from({ length: 30 }, refused)));
  waits.forEach((wait, i) => {
    const middle = Math.min(100 * 2 ** i, 5000);
    expect(wait).toBeGreaterThanOrEqual(middle / 2);
    expect(wait).toBeLessThanOrEqual(1.5 * middle);
  });
  expect(new Set(waits.slice(6).map(Math.round)).size).toBeGreaterThan(5);
});

it("gives up when the server has been away for too long, in one line", async () => {
  const { work, waits } = patient(10_000);
  const outcome = work(failing(...Array.from({ length: 100 }, refused)));
  await expect(outcome).rejects.toThrow(StoreError);
  await expect(outcome).rejects.toThrow(/^postgres:\/\/ana@db\/grok: nothing listens there.*; tried for 10 s$/);
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeCloseTo(10_000);
});

it("does again without a word what two transactions kept each other from", async () => {
  const { work, warnings } = patient();
  expect(await work(failing(Object.assign(new Error("deadlock detected"), { code: "40P01" })))).toBe(7);
  expect(warnings).toEqual([]);
});

it.each([
  [new BusyError("a-s0", "process 7"), BusyError],
  [Object.assign(new Error("permission denied for schema x"), { code: "42501" }), StoreError],
  [Object.assign(new Error("syntax error"), { code: "42601" }), StoreError],
  [new TypeError("ours"), TypeError],
])("does not try again what would fail again: %s", async (error, kind) => {
  const { work, waits } = patient();
  await expect(work(failing(error))).rejects.toThrow(kind);
  expect(waits).toEqual([]);
});
