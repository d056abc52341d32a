import fc from "fast-check";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { evalAt, planOf } from "../../test/store/samples.ts";
import { newFolder } from "../../test/store/folders.ts";
import { UsageError } from "../options.ts";
import { StoreError, storeError } from "./errors.ts";
import { holderOf, leaseMs, ownerText } from "./lease.ts";
import { bindableValue, connect } from "./libsql-dialect.ts";
import { openStore } from "./open-store.ts";
import { thisProcess } from "./process-identity.ts";
import { groupOf, newRow, toRecord } from "./run-row.ts";
import { evalFromJson, evalToJson, mergeEvals, rowToEval } from "./series.ts";
import { packEvals, unpackEvals } from "./series-blob.ts";
import { software, version } from "./software.ts";

describe("openStore", () => {
  it.each([
    [
      "mysql://localhost/runs",
      'store "mysql://localhost/runs": give a folder such as .groklab, postgres://…, or memory:',
    ],
    ["memry:", 'did you mean "memory:"?'],
    ["", "store: give a folder such as .groklab"],
    ["a\0b", "store: give a folder"],
  ])("refuses %j in one line", async (where, message) => {
    await expect(openStore(where)).rejects.toThrow(UsageError);
    await expect(openStore(where)).rejects.toThrow(message);
  });

  it("opens a folder, and memory", async () => {
    const folder = newFolder();
    for (const where of [folder, "memory:"]) {
      const store = await openStore(where);
      expect(store.where).toBe(where);
      await store.close();
    }
  });
});

describe("what is bound to a statement", () => {
  it("is never a boolean, a Buffer or a view, which abort the process or read beyond their part", () => {
    expect([true, false, undefined, null, 1, 2n, "x"].map(bindableValue)).toEqual([1, 0, null, null, 1, 2n, "x"]);
    const bytes = Uint8Array.of(1, 2, 3, 4);
    for (const part of [bytes.subarray(1, 3), Buffer.from([2, 3]), new DataView(bytes.buffer, 1, 2)]) {
      const bound = bindableValue(part);
      expect(bound).toEqual(Uint8Array.of(2, 3));
      expect(Object.getPrototypeOf(bound)).toBe(Uint8Array.prototype);
    }
    for (const other of [{}, [], () => 1, Symbol("s")]) expect(() => bindableValue(other)).toThrow(TypeError);
  });

  it("comes back from the database, whatever its type", () => {
    const connection = connect(join(newFolder(), "some.db"));
    const select = connection.prepare("select ? as a, ? as b, ? as c, ? as d");
    const row = select.all([true, Buffer.from([1, 2]), undefined, Infinity])[0];
    expect(row).toEqual({ a: 1, b: Uint8Array.of(1, 2), c: null, d: Infinity });
    expect(connection.prepare("select ? as a").all([Buffer.from([7])])).toEqual([{ a: Uint8Array.of(7) }]);
    connection.close();
  });
});

describe("series", () => {
  const anyMeasures = fc.option(
    fc
      .uniqueArray(fc.constantFrom("test.accuracy.PP", "gradientNorm", "é", "x".repeat(30)))
      .chain((names) => fc.tuple(...names.map((name) => fc.double().map((value) => [name, value] as const))))
      .map((entries) => Object.fromEntries(entries)),
    { nil: undefined },
  );
  const anyEval = fc
    .tuple(fc.tuple(fc.nat(), ...Array.from({ length: 6 }, () => fc.double())), anyMeasures)
    .map(([row, measures]) => rowToEval(row as number[], measures));

  it("come back to the bit from bytes and from JSON", () => {
    fc.assert(
      fc.property(fc.array(anyEval), (evals) => {
        expect(unpackEvals(packEvals(evals))).toEqual(evals);
        for (const e of evals) expect(evalFromJson(evalToJson(e))).toEqual(e);
      }),
    );
  });

  it("read from bytes at any place in a larger buffer, and leave half a row out", () => {
    const packed = packEvals([evalAt(1), evalAt(2)]);
    const shifted = new Uint8Array(packed.length + 3);
    shifted.set(packed, 3);
    expect(unpackEvals(shifted.subarray(3))).toEqual([evalAt(1), evalAt(2)]);
    expect(unpackEvals(packed.subarray(0, 60))).toEqual([evalAt(1)]);
    const wider = packEvals([evalAt(1), ...[2, 3].map((step) => ({ ...evalAt(step), measures: { a: NaN, b: 2 } }))]);
    for (let end = 0; end <= wider.length; end++) {
      const whole = end < 56 ? 0 : end < wider.length - 72 ? 1 : end < wider.length ? 2 : 3;
      expect(unpackEvals(wider.subarray(0, end))).toHaveLength(whole);
    }
  });

  it("merge by step, the later part counts", () => {
    expect(mergeEvals([[evalAt(5), evalAt(1)], [evalAt(5, 9)]])).toEqual([evalAt(1), evalAt(5, 9)]);
  });

  it("merge from any number of parts", () => {
    const parts = Array.from({ length: 200_000 }, (_, step) => [evalAt(step)]);
    expect(mergeEvals(parts)).toHaveLength(200_000);
  });
});

describe("a lease", () => {
  const here = thisProcess();
  const lease = (other: Partial<typeof here>, expires = 1000) => ({ owner: ownerText({ ...here, ...other }), expires });

  it("of another machine holds until it expires, and names the machine", () => {
    const far = lease({ host: "far", place: "far boot namespace", pid: 7 });
    expect(holderOf(far, here, 999)).toBe("process 7 on far");
    expect(holderOf(far, here, 1000)).toBeUndefined();
    expect(leaseMs).toBeGreaterThan(60_000);
  });

  it("of this very process, which may be another thread, holds until it expires", () => {
    expect(holderOf(lease({}), here, 999)).toBe("this process");
    expect(holderOf(lease({}), here, 1000)).toBeUndefined();
  });

  it.runIf(process.platform === "linux")("of a process number that is used again holds nothing", () => {
    expect(holderOf(lease({ pid: process.ppid, start: "1" }), here, 0)).toBeUndefined();
    expect(holderOf(lease({ start: "1" }), here, 0)).toBeUndefined();
  });

  it("that nobody can read holds until it expires", () => {
    expect(holderOf({ owner: "?", expires: 5 }, here, 4)).toBe("another process");
    expect(holderOf({ owner: "{}", expires: 5 }, here, 5)).toBeUndefined();
    expect(holderOf(undefined, here, 0)).toBeUndefined();
  });
});

describe("errors of the system", () => {
  it.each([
    ["SQLITE_FULL", "no space is left"],
    ["SQLITE_BUSY", "another process has kept it locked"],
    ["SQLITE_READONLY", "cannot be written: read-only"],
    ["SQLITE_IOERR_WRITE", "the disk failed"],
    ["ENOENT", "cannot be made or found"],
    ["E2BIG", "what the system said"],
  ])("%s becomes one line", (code, message) => {
    const error = storeError(Object.assign(new Error("what the system said\nmore"), { code }), "place");
    expect(error).toBeInstanceOf(StoreError);
    expect(error.message).toContain(`place: ${message}`);
    expect(error.message).not.toContain("\n");
  });

  it("are told apart from ours, which stay what they are", () => {
    for (const error of [new UsageError("x"), new TypeError("y")]) expect(storeError(error, "place")).toBe(error);
  });
});

it("the version of the software is the package's", () => {
  expect(version).toBe(packageJson.version);
  expect(software()).toBe(`groklab ${version}, Node ${process.versions.node}, ${process.arch}`);
});

it.each([
  ["the seed last", JSON.stringify(planOf(7))],
  ["another order", `{"seed":7,${JSON.stringify(planOf(3)).slice(1).replace(',"seed":3', "")}`],
  ["a text like a seed", JSON.stringify({ ...planOf(3), task: { name: "a", note: ',"seed":5}' }, seed: 7 })],
])("a plan comes back from its row: %s", (_, text) => {
  const row = { ...newRow("a-s7", planOf(7), "groklab", "2026-11-25T00:00:00.000Z"), plan: text };
  for (let twice = 0; twice < 2; twice++) expect(toRecord(row, undefined, "").plan).toEqual(JSON.parse(text));
});

it("the group of a run is its id without the seed", () => {
  expect(groupOf("a-b-0123-s45")).toBe("a-b-0123");
  expect(groupOf("a-s1-b-s2")).toBe("a-s1-b");
});
