import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  allowed,
  bool,
  checked,
  choice,
  data,
  float,
  int,
  ints,
  maxDataLength,
  named,
  nearest,
  parseText,
  resolve,
  suggestion,
  text,
  UsageError,
  type Field,
  type Values,
} from "./options.ts";

const fields = {
  p: int(67, "modulus", { min: 2, max: 997 }),
  weightDecay: float(1, "decoupled weight decay", { min: 0 }),
  learningRate: float(1e-3, "learning rate", { min: 0, exclusiveMin: true }),
  pairs: choice(["ordered", "unordered"], "ordered", "pairs"),
  frozen: bool(false, "frozen"),
  note: text("", "note"),
  rows: data((content) => content, "rows"),
  steps: ints([0, 1], "steps", { min: 0, max: 99 }),
};
const names = Object.keys(fields);
const give = (given: Record<string, unknown>) => resolve(fields, given, "task");
const messageOf = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error("it was allowed");
};

describe("resolve", () => {
  it("writes out every default", () => {
    expect(give({})).toEqual({
      p: 67,
      weightDecay: 1,
      learningRate: 1e-3,
      pairs: "ordered",
      frozen: false,
      note: "",
      rows: "",
      steps: [0, 1],
    });
  });

  it("takes what is given over the default, and undefined as not given", () => {
    expect(give({ p: 5, frozen: true, pairs: undefined })).toMatchObject({ p: 5, frozen: true, pairs: "ordered" });
  });

  it("keeps the order of the declaration, whatever the order given: one Plan has one text", () => {
    const one = give({ steps: [1], p: 5 });
    expect(JSON.stringify(one)).toBe(JSON.stringify(give({ p: 5, steps: [1] })));
    expect(Object.keys(one)).toEqual(names);
  });

  it("is the same again for what it returned", () => {
    const once = give({ p: 97, note: "x" });
    expect(give(once)).toEqual(once);
  });

  it("names an unknown option, what is known and the nearest", () => {
    expect(messageOf(() => give({ weigthDecay: 1 }))).toBe(
      `task.weigthDecay: unknown; known: ${names.join(", ")}; did you mean "weightDecay"?`,
    );
    expect(messageOf(() => resolve({}, { x: 1 }, "task"))).toBe("task.x: unknown; it takes no options");
  });

  it("names the option, the value and what is allowed", () => {
    expect(messageOf(() => give({ p: 1 }))).toBe("task.p: 1 is not allowed; give a whole number from 2 to 997");
    expect(messageOf(() => give({ pairs: "orderd" }))).toBe(
      'task.pairs: "orderd" is not allowed; give one of ordered, unordered; did you mean "ordered"?',
    );
  });

  it("does not take a name of Object.prototype for an option", () => {
    const inherited = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "prototype"];
    for (const name of inherited) {
      const given = JSON.parse(`{"${name}": 1}`) as Record<string, unknown>;
      expect(messageOf(() => give(given))).toContain(`task.${name}: unknown`);
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    const inheritedValue = Object.create({ p: 5 }) as Record<string, unknown>;
    expect(give(inheritedValue).p).toBe(67);
  });

  it("does not share a list with its caller", () => {
    const steps = [1, 2];
    const values = give({ steps });
    steps.push(3);
    expect(values.steps).toEqual([1, 2]);
  });

  it("is a plain object", () => {
    expect(Object.getPrototypeOf(give({}))).toBe(Object.prototype);
  });

  it("has types that follow from the declaration", () => {
    const values: Values<typeof fields> = give({});
    const pairs: "ordered" | "unordered" = values.pairs;
    // @ts-expect-error a misspelt option is no property
    void values.weigthDecay;
    // @ts-expect-error a default must be one of the choices
    void choice(["a", "b"], "c", "help");
    expect(pairs).toBe("ordered");
  });
});

describe("a value", () => {
  const ok = (field: Field, value: unknown) => expect(checked(field, value, "x")).toEqual(value);
  const refused = (field: Field, value: unknown) =>
    expect(messageOf(() => checked(field, value, "x"))).toContain("is not allowed; give ");

  it("of a whole-number field is a safe integer within its limits", () => {
    for (const value of [2, 67, 997]) ok(fields.p, value);
    for (const value of [1, 998, 2.5, NaN, Infinity, 2 ** 53, "67", null, true, [67], 67n]) refused(fields.p, value);
    ok(int(0, ""), Number.MAX_SAFE_INTEGER);
  });

  it("of a number field is finite, and may exclude its least value", () => {
    for (const value of [0, 1e-300, 1e300]) ok(fields.weightDecay, value);
    for (const value of [-1e-300, NaN, Infinity, "1", undefined]) refused(fields.weightDecay, value);
    refused(fields.learningRate, 0);
    ok(fields.learningRate, Number.MIN_VALUE);
    refused(float(0, "", { max: 1 }), 1.0000001);
  });

  it("of the other kinds is of their kind", () => {
    for (const value of [true, false]) ok(fields.frozen, value);
    for (const value of ["true", 0, 1, null]) refused(fields.frozen, value);
    for (const value of ["Ordered", "", "constructor", 0]) refused(fields.pairs, value);
    ok(fields.note, "x".repeat(4096));
    for (const value of ["x".repeat(4097), 5]) refused(fields.note, value);
    ok(fields.rows, "x".repeat(5000));
    for (const value of ["x".repeat(maxDataLength + 1), {}]) refused(fields.rows, value);
    for (const value of [[], [0], [99, 0]]) ok(fields.steps, value);
    for (const value of [[100], [-1], [0.5], ["1"], "1", 1, {}, [null], Array<number>(3)]) refused(fields.steps, value);
  });

  it("is never -0, which JSON writes as 0", () => {
    expect(checked(fields.weightDecay, -0, "x")).toBe(0);
    expect(parseText(int(1, ""), "-0", "x")).toBe(0);
    expect(parseText(fields.steps, "-0,1", "x")).toEqual([0, 1]);
  });

  it("that is refused is shown on one line, whatever it is", () => {
    const circular: unknown[] = [];
    circular.push(circular);
    const shown: readonly [unknown, string][] = [
      ["a\nb\u001b[31m\u2028\u202e", '"a\\nb\\u001b[31m\\u2028\\u202e"'],
      [NaN, "NaN"],
      [-Infinity, "-Infinity"],
      [12n, "12"],
      [undefined, "undefined"],
      [null, "null"],
      [Symbol("s"), "Symbol(s)"],
      [circular, "list"],
      [{ toJSON: () => undefined }, "object"],
      [{ a: [1, "b"] }, '{"a":[1,"b"]}'],
      ["x".repeat(1e6), `"${"x".repeat(56)}...`],
    ];
    for (const [value, written] of shown) {
      expect(messageOf(() => checked(fields.p, value, "x"))).toBe(
        `x: ${written} is not allowed; give a whole number from 2 to 997`,
      );
    }
  });
});

describe("what a field allows, in words", () => {
  it.each([
    [int(1, "", { min: 2, max: 9 }), "a whole number from 2 to 9"],
    [int(1, "", { min: 2 }), "a whole number of at least 2"],
    [int(1, "", { max: 9 }), "a whole number of at most 9"],
    [float(1, ""), "a number"],
    [float(1, "", { min: 0, exclusiveMin: true }), "a number above 0"],
    [float(1, "", { min: 0, max: 1, exclusiveMin: true }), "a number above 0 up to 1"],
    [ints([], "", { min: 0 }), "whole numbers of at least 0, separated by commas"],
    [choice(["a", "b"], "a", ""), "one of a, b"],
    [bool(true, ""), "true or false"],
    [text("", ""), "text"],
    [fields.rows, `data of at most ${maxDataLength} characters`],
  ])("%#: %s", (field, words) => expect(allowed(field)).toBe(words));

  it("includes the default", () => {
    for (const field of Object.values(fields)) expect(() => checked(field, field.default, "x")).not.toThrow();
  });
});

describe("the text of a flag", () => {
  it("means the value of its field", () => {
    expect(parseText(fields.p, " 97 ", "p")).toBe(97);
    expect(parseText(fields.learningRate, "3e-3", "x")).toBe(0.003);
    expect(parseText(fields.frozen, "true", "x")).toBe(true);
    expect(parseText(fields.steps, "1, 2,3", "x")).toEqual([1, 2, 3]);
    expect(parseText(fields.steps, " ", "x")).toEqual([]);
    expect(parseText(fields.pairs, "unordered ", "x")).toBe("unordered");
    expect(parseText(fields.note, "a = b", "x")).toBe("a = b");
  });

  it("is refused as it was written", () => {
    const cases: readonly [Field, string][] = [
      [fields.p, "67.5"],
      [fields.p, "six"],
      [fields.p, ""],
      [fields.p, "  "],
      [fields.p, "1,000"],
      [fields.p, "Infinity"],
      [fields.weightDecay, "1e999"],
      [fields.frozen, "yes"],
      [fields.frozen, "TRUE"],
      [fields.steps, "1,,2"],
      [fields.steps, "1;2"],
      [fields.steps, ","],
    ];
    for (const [field, written] of cases) {
      expect(messageOf(() => parseText(field, written, "x"))).toContain(`x: "${written}" is not allowed`);
    }
  });
});

describe("the nearest name", () => {
  it("forgives a letter wrong, missing, extra, swapped, or in the other case", () => {
    for (const written of ["weightDecai", "weightDeca", "weightDecayy", "wieghtDecay", "WEIGHTDECAY"]) {
      expect(nearest(written, names)).toBe("weightDecay");
    }
  });

  it("is nothing where all are far", () => {
    for (const written of ["", "momentum", "xxxxxxxxxxxx"])
      expect(nearest(written, ["weightDecay", "steps"])).toBeUndefined();
    expect(suggestion("momentum", names)).toBe("");
    expect(nearest("anything", [])).toBeUndefined();
  });

  it("is the nearer of two, and the first of two as near", () => {
    expect(nearest("modular-additon", ["modular-multiplication", "modular-addition"])).toBe("modular-addition");
    expect(nearest("betaX", ["beta1", "beta2"])).toBe("beta1");
  });

  it("of any name with one edit is that name", () => {
    const longNames = names.filter((name) => name.length > 3);
    fc.assert(
      fc.property(fc.constantFrom(...longNames), fc.nat(), fc.constantFrom("q", ""), (name, at, put) => {
        const i = at % name.length;
        expect(nearest(name.slice(0, i) + put + name.slice(i + 1), longNames)).toBe(name);
      }),
    );
  });
});

describe("an entry of a registry", () => {
  const entries = [{ name: "adamw" }, { name: "sgd" }];
  it("is found by its name", () => expect(named(entries, "sgd", "optimizer")).toBe(entries[1]));
  it("that is not there is named with what is", () => {
    expect(messageOf(() => named(entries, "adam", "optimizer"))).toBe(
      'unknown optimizer "adam"; known: adamw, sgd; did you mean "adamw"?',
    );
    expect(messageOf(() => named(entries, "constructor", "optimizer"))).toBe(
      'unknown optimizer "constructor"; known: adamw, sgd',
    );
  });
});

describe("on anything at all", () => {
  const anything = fc.oneof(
    fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true }),
    fc.double(),
  );
  const oneLine = (message: string) => {
    // eslint-disable-next-line no-control-regex
    expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
    expect(message.length).toBeLessThan(400);
  };

  it("a value is what its field allows, or a UsageError of one line", () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), anything, (name, value) => {
        try {
          const found = (give({ [name]: value }) as Record<string, unknown>)[name];
          const field = (fields as Record<string, Field>)[name];
          expect(checked(field, found, name)).toEqual(found);
          expect(JSON.parse(JSON.stringify(found))).toEqual(found);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
          oneLine(error.message);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("a name is one of the fields, or a UsageError of one line", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(fc.string(), fc.constantFrom(...names, "__proto__")), anything), (given) => {
        try {
          expect(Object.keys(give(given))).toEqual(names);
          for (const name of Object.keys(given)) expect(names).toContain(name);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
          oneLine(error.message);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("a text is a value that its field allows, or a UsageError of one line", () => {
    const written = fc.oneof(fc.string(), fc.double().map(String), fc.array(fc.integer()).map(String));
    fc.assert(
      fc.property(fc.constantFrom(...names), written, (name, value) => {
        const field = (fields as Record<string, Field>)[name];
        try {
          const found = parseText(field, value, name);
          expect(checked(field, found, name)).toEqual(found);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
          oneLine(error.message);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("a number survives its own text", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseText(float(0, ""), String(value), "x")).toBe(value + 0);
      }),
    );
  });

  it("inputs of millions of characters end in a short message", () => {
    const long = "weightDecay".repeat(500_000);
    const list = Array<number>(1_000_000).fill(-1);
    for (const call of [
      () => give({ [long]: 1 }),
      () => give({ pairs: long }),
      () => give({ steps: list }),
      () => parseText(fields.p, long, "p"),
      () => parseText(fields.steps, long, "steps"),
      () => named([{ name: "adamw" }], long, "optimizer"),
    ]) {
      oneLine(messageOf(call));
    }
  });
});
