import { describe, expect, it } from "vitest";
import { context, grokker, memorizer } from "../../test/planted/curves.ts";
import { UsageError } from "../options.ts";
import type { Eval } from "../train/eval.ts";
import { stopWhen, type Stop } from "./stop.ts";

const judging = { context, policy: "accuracy" };
/** Step at which it stops, with the reason. */
function stopped(stop: Stop, evals: readonly Eval[]): readonly [step: number, reason: string] | undefined {
  for (let n = 1; n <= evals.length; n++) {
    const reason = stop(evals.slice(0, n));
    if (reason !== undefined) return [evals[n - 1].step, reason];
  }
  return undefined;
}

describe("--until", () => {
  it("waits until a comparison has held", () => {
    // The planted grokker has learned its test data from step 20,000 on, with an evaluation each hundred steps.
    const [once] = stopped(stopWhen(["accuracy>=0.95"], 1, judging), grokker())!;
    const held = stopped(stopWhen(["accuracy>=0.95"], 3, judging), grokker())!;
    expect(held).toEqual([
      once + 200,
      `accuracy >= 0.95 since step ${once.toLocaleString("en-US")}, 3 evaluations in a row`,
    ]);
  });

  it("takes every series and comparison", () => {
    for (const text of ["train.loss<10", "train.loss <= 10", "normL2>-1", "test.accuracy>=0", "loss<1e9"]) {
      expect(stopped(stopWhen([text], 1, judging), grokker())?.[0]).toBe(0);
    }
  });

  it("is not met by what is no number", () => {
    const broken = grokker().map((e) => ({ ...e, test: { loss: NaN, accuracy: NaN } }));
    expect(stopped(stopWhen(["loss<1e9"], 1, judging), broken)).toBeUndefined();
    expect(stopped(stopWhen(["loss>-1e9"], 1, judging), broken)).toBeUndefined();
  });

  it("stops at the first of several conditions", () => {
    expect(stopped(stopWhen(["accuracy>2", "train.accuracy>=0.95"], 1, judging), grokker())?.[1]).toMatch(
      /^train\.accuracy/,
    );
  });

  it("verdict stops soon after a grokker has generalized, and never for a memorizer", () => {
    const [step, reason] = stopped(stopWhen(["verdict"], 3, judging), grokker())!;
    expect(step).toBeGreaterThanOrEqual(20_000);
    expect(step).toBeLessThan(21_000);
    expect(reason).toBe("the verdict of policy accuracy is grok");
    expect(stopped(stopWhen(["verdict"], 3, judging), memorizer())).toBeUndefined();
  });

  it("refuses what it does not understand", () => {
    for (const text of ["", "accuracy", "accuracy>=", ">=1", "accuracy=1", "acc>=1", "accuracy>=x", "toString>1"]) {
      expect(() => stopWhen([text], 3, judging)).toThrow(UsageError);
    }
  });
});
