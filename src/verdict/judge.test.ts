import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as planted from "../../test/planted/curves.ts";
import type { Eval } from "../train/eval.ts";
import { canStillChange, judge, policies, type Context } from "./index.ts";

const { context, cutOff } = planted;
const names = policies.map(({ name }) => name);

describe("every policy", () => {
  it.each(names)("%s: nothing or a single evaluation decides nothing", (policy) => {
    for (const evals of [[], planted.grokker().slice(-1)]) {
      for (const at of [context, cutOff]) {
        expect(judge(evals, at, policy)).toMatchObject({ label: "undecided", fitStep: null, robust: null });
        expect(canStillChange(evals, at, policy)).toBe(!at.finished);
      }
    }
  });

  it.each(names)("%s: tells a grokker, a memorizer and a failure apart", (policy) => {
    expect(judge(planted.grokker(), context, policy).label).toBe("grok");
    expect(judge(planted.memorizer(), context, policy).label).toBe("memorize");
    expect(judge(planted.failure(), context, policy).label).toBe("fail");
  });

  it.each(names.filter((name) => name !== "playground"))("%s: immediate generalization is no grok", (policy) => {
    expect(judge(planted.generalizer(), context, policy).label).toBe("generalize");
  });

  it.each(names)("%s: while planned steps are missing there is neither memorize nor fail", (policy) => {
    for (const evals of [planted.memorizer(), planted.failure()]) {
      const verdict = judge(evals, cutOff, policy);
      expect(verdict.label).toBe("undecided");
      expect(verdict.reasons[0]).toMatch(/^so far (memorize|fail); not every planned step was done/);
    }
    expect(judge(planted.grokker(), cutOff, policy).label).toBe("grok");
  });

  it.each(names.filter((name) => name !== "pair"))("%s: a finished run that still improves is undecided", (policy) => {
    const verdict = judge(planted.memorizer({ drift: 0.7 }), context, policy);
    expect(verdict.label).toBe("undecided");
    expect(verdict.reasons.join()).toMatch(/test loss still falls, by 8\.7 % .* no transition by step 20,000/);
  });

  it.each(names)("%s: its verdict is plain JSON, and the same twice", (policy) => {
    for (const evals of [planted.grokker(), planted.memorizer(), planted.failure(), []]) {
      const verdict = judge(evals, context, policy);
      expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
      expect(judge(evals, context, policy)).toEqual(verdict);
      expect(verdict.policy).toBe(policy);
    }
  });

  it.each(policies)("$name: its thresholds are numbers, written on the verdict, and can be overridden", (policy) => {
    const verdict = judge(planted.grokker(), context, policy.name);
    const defaults = Object.fromEntries(Object.entries(policy.fields).map(([name, field]) => [name, field.default]));
    expect(verdict.thresholds).toEqual(defaults);
    for (const value of Object.values(verdict.thresholds)) expect(value).toBeTypeOf("number");
    const [first] = Object.keys(defaults);
    expect(judge([], context, policy.name, { [first]: 0.97 }).thresholds[first]).toBe(0.97);
  });

  it.each(policies)("$name: one label whatever the thresholds of its neighbors say of a clear grokker", (policy) => {
    expect(judge(planted.grokker(), context, policy.name).robust).toBe(true);
    for (const t of policy.variants(judge([], context, policy.name).thresholds)) {
      expect(judge(planted.grokker(), context, policy.name, t).label).toBe("grok");
    }
  });
});

describe("a wrong call", () => {
  it("names the nearest policy, threshold and value", () => {
    expect(() => judge([], context, "acuracy")).toThrow(/unknown policy "acuracy".*did you mean "accuracy"/);
    expect(() => judge([], context, "accuracy", { entr: 1 })).toThrow(/accuracy.entr: unknown.*did you mean "enter"/);
    expect(() => judge([], context, "accuracy", { enter: 2 })).toThrow("accuracy.enter: 2 is not allowed");
    expect(() => judge([], context, "accuracy", { leave: 0.99 })).toThrow("leave: 0.99 is not allowed");
    expect(() => canStillChange([], context, "liu", { theta: "x" })).toThrow("liu.theta");
  });
});

describe("divergence", () => {
  const broken = { loss: NaN, accuracy: 0 };
  const breakAt = (evals: readonly Eval[], from: number) =>
    evals.map((e, i) => (i >= from ? { ...e, train: broken, test: broken } : e));

  it.each(names)("%s: is the label when it comes before anything is settled, with its step", (policy) => {
    const verdict = judge(breakAt(planted.grokker(), 60), context, policy);
    expect(verdict).toMatchObject({ label: "diverged", divergedAt: 6000, lastStep: 5900, robust: null });
    expect(verdict.reasons[0]).toBe("a loss or weight was not finite at step 6,000");
    expect(verdict.phases.at(-1)).toEqual({ name: "diverged", from: 6000, to: 6000 });
    expect(canStillChange(breakAt(planted.grokker(), 60), cutOff, policy)).toBe(false);
  });

  it("keeps the steps reached before it", () => {
    expect(judge(planted.grokker(), { ...context, divergedAt: 30_050 })).toMatchObject({
      label: "diverged",
      fitStep: 500,
      generalizeStep: 20_000,
      divergedAt: 30_050,
    });
  });

  it("does not take back a label that was settled", () => {
    const evals = breakAt(planted.grokker(), 280);
    const found = Object.fromEntries(names.map((policy) => [policy, judge(evals, context, policy).label]));
    expect(found).toEqual({
      accuracy: "diverged",
      pair: "grok",
      liu: "grok",
      power: "grok",
      muon: "grok",
      plateau: "diverged",
      playground: "diverged",
      crossing: "grok",
    });
  });

  it("at the first evaluation leaves nothing to judge", () => {
    expect(judge(breakAt(planted.grokker(), 0), context)).toMatchObject({
      label: "diverged",
      divergedAt: 0,
      lastStep: null,
    });
  });
});

describe("robust", () => {
  it("is false, and says where, when a coarser grid changes the label", () => {
    // Learned for the last five evaluations: of every fourth, the last two.
    const verdict = judge(planted.grokker({ generalize: 20_000, steps: 20_400 }), context);
    expect(verdict).toMatchObject({ label: "grok", robust: false });
    expect(verdict.reasons.at(-1)).toBe("not robust: with every 4th evaluation it would be undecided");
  });

  it("is false when a threshold .03 away changes the label", () => {
    const evals = planted.memorizer({ accuracy: 0.96 });
    const verdict = judge(evals, context);
    expect(verdict).toMatchObject({ label: "generalize", robust: false });
    expect(verdict.reasons.join()).toContain("with enter 0.98, leave 0.83, testAtFitMax 0.53 it would be memorize");
  });

  it("keeps the last evaluation on every grid", () => {
    const evals = planted.grokker({ steps: 30_100 });
    const ended = planted.edited(evals, [evals.length - 1], planted.spike);
    expect(judge(ended, context, "playground")).toMatchObject({ label: "fail", robust: true });
  });

  it("is null when the run is too short to thin out", () => {
    expect(judge(planted.grokker({ every: 2500 }), context)).toMatchObject({ label: "grok", robust: null });
  });
});

/** Runs put together from anything that can happen, one evaluation after the other. */
const anyRun = (least: number) =>
  fc
    .array(
      fc.record({
        train: fc.constantFrom([4.2, 0.02], [1, 0.7], [1e-2, 0.96], [1e-4, 1], [1e-13, 1], [NaN, 0]),
        test: fc.constantFrom(
          [4.2, 0.02],
          [90, 0.01],
          [1, 0.5],
          [0.3, 0.96],
          [1e-4, 1],
          [1e-5, 1],
          [Infinity, 0.1],
          [NaN, 0],
        ),
        length: fc.integer({ min: 1, max: 12 }),
      }),
      { minLength: least, maxLength: 8 },
    )
    .map((pieces): Eval[] => {
      const rows = pieces.flatMap(({ length, ...piece }) => Array.from({ length }, () => piece));
      const score = ([loss, accuracy]: readonly number[]) => ({ loss, accuracy });
      return rows.map(({ train, test }, i) => ({
        step: 100 * i,
        train: score(train),
        test: score(test),
        normL1: 1,
        normL2: 1,
      }));
    });
const anyContext = fc.record({
  chance: fc.constantFrom(1 / 67, 0.5),
  numClasses: fc.constantFrom(67, 2),
  lossUnit: fc.constantFrom("nats" as const, "nats/class" as const),
  finished: fc.boolean(),
});

describe("on any run", () => {
  it.each(names)("%s: gives a verdict of plain JSON whose numbers fit together", (policy) => {
    fc.assert(
      fc.property(anyRun(0), anyContext, (evals, at) => {
        const verdict = judge(evals, at, policy);
        expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
        const { fitStep, generalizeStep, delay } = verdict;
        expect(delay).toBe(fitStep === null || generalizeStep === null ? null : generalizeStep - fitStep);
        expect(verdict.reasons.length).toBeGreaterThan(0);
        if (!at.finished) expect(["memorize", "fail"]).not.toContain(verdict.label);
        let before = -1;
        for (const { from, to } of verdict.phases) {
          expect(from).toBeGreaterThan(before);
          expect(to).toBeGreaterThanOrEqual(from);
          before = to;
        }
      }),
    );
  });

  it("accuracy: grok is never claimed without the delay", () => {
    fc.assert(
      fc.property(anyRun(1), anyContext, fc.integer({ min: 1, max: 3000 }), (evals, at, delayMin) => {
        const verdict = judge(evals, at, "accuracy", { delayMin });
        if (verdict.label !== "grok") return;
        expect(verdict.delay).toBeGreaterThanOrEqual(delayMin);
        expect(verdict.ratio ?? Infinity).toBeGreaterThanOrEqual(3);
      }),
    );
  });

  it.each(names)("%s: what cannot change any more does not change, whatever follows", (policy) => {
    fc.assert(
      fc.property(anyRun(1), anyRun(1), anyContext, (first, rest, at) => {
        const running: Context = { ...at, finished: false };
        if (canStillChange(first, running, policy)) return;
        const label = judge(first, running, policy).label;
        const all = [...first, ...rest.map((e) => ({ ...e, step: e.step + 100 * first.length }))];
        for (const finished of [false, true]) expect(judge(all, { ...at, finished }, policy).label).toBe(label);
        expect(canStillChange(all, running, policy)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it("pair: every class but the last can still become another", () => {
    const grown = (evals: readonly Eval[]) => [
      ...evals,
      { step: 1e6, train: { loss: 1e-13, accuracy: 1 }, test: { loss: 1e-6, accuracy: 1 }, normL1: 1, normL2: 1 },
    ];
    for (const evals of [planted.failure(), planted.memorizer(), planted.generalizer()]) {
      expect(canStillChange(evals, cutOff, "pair")).toBe(true);
      expect(judge(grown(evals), cutOff, "pair").className).toBe("Grokking");
    }
    expect(canStillChange(planted.grokker(), cutOff, "pair")).toBe(false);
    expect(canStillChange(planted.memorizer(), context, "pair")).toBe(false);
  });

  it("the order of evaluations does not matter, and repeating one does not either", () => {
    const evals = planted.grokker();
    expect(judge([...evals.toReversed(), ...evals.slice(0, 9)], context)).toEqual(judge(evals, context));
  });
});
