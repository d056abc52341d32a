import { describe, expect, it } from "vitest";
import type { Eval } from "../../train/eval.ts";
import { plan } from "../../train/plan.ts";
import { canStillChange, contextOf, judge, type Context } from "../index.ts";

/** Question formation as published: chance is one auxiliary of four. */
const context: Context = { chance: 0.25, numClasses: 71, lossUnit: "nats", finished: true, policy: "crossing" };

/** In-domain and generalization accuracies in percent, a reading every 500 steps; losses stand still. */
const readings = (...pairs: readonly (readonly [inDomain: number, generalization: number])[]): Eval[] =>
  pairs.map(([inDomain, generalization], i) => ({
    step: 500 * i,
    train: { loss: 1, accuracy: inDomain / 100 },
    test: { loss: 1.2, accuracy: generalization / 100 },
    normL1: 1,
    normL2: 1,
  }));
const start = [0, 25] as const;
const swings = [start, [96, 48], [100, 0], [100, 3], [100, 60], [100, 97], [100, 40], [100, 85], [100, 0], [100, 78]] as const; // prettier-ignore

describe("crossing", () => {
  it("calls a run that reached the tree and swings a grok, unstable, though its last reading is low", () => {
    const found = judge(readings(...swings), context);
    expect(found).toMatchObject({
      policy: "crossing",
      label: "grok",
      className: "unstable",
      fitStep: 500,
      generalizeStep: 2500,
      delay: 2000,
    });
    expect(found.reasons).toContain("0 % at its lowest in between (grok below 50 %)");
    expect(found.reasons.join()).toContain("40 % of 5 readings from there on (stable from 90 %), the last 78 %");
    // The rule for curves that stay where they are would have called it memorizing.
    expect(judge(readings(...swings), context, "accuracy").label).not.toBe("grok");
  });

  it("is stable where nine readings in ten stay, lost where none of the last quarter does", () => {
    const before = [start, [99, 30], [100, 1], [100, 2], [100, 2]] as const;
    const stay = Array.from({ length: 10 }, () => [100, 96] as const);
    expect(judge(readings(...before, ...stay), context)).toMatchObject({ label: "grok", className: "stable" });
    const gone = Array.from({ length: 12 }, () => [100, 2] as const);
    const lost = judge(readings(...before, ...stay, ...gone), context);
    expect(lost).toMatchObject({ label: "grok", className: "lost", generalizeStep: 2500 });
    expect(lost.reasons.join()).toContain("what it found, it lost");
  });

  it("does not call a crossing stable that the last readings have just made", () => {
    const found = judge(readings(start, [99, 30], [100, 1], [100, 2], [100, 30], [100, 90]), context);
    expect(found).toMatchObject({ label: "grok", className: null });
    expect(found.reasons.join()).toContain("only 1 reading since the crossing");
  });

  it("needs the wrong rule in between, and a delay", () => {
    const never = [start, [99, 60], [100, 65], [100, 70], [100, 75], [100, 90], [100, 90]] as const;
    expect(judge(readings(...never), context).label).toBe("generalize");
    expect(judge(readings(start, [99, 10], [100, 90], [100, 90], [100, 90]), context).label).toBe("generalize");
    expect(judge(readings(start, [60, 85], [99, 90], [100, 90], [100, 90]), context)).toMatchObject({
      label: "generalize",
      fitStep: 1000,
      generalizeStep: 500,
    });
  });

  it("takes accuracies as they are measured: exactly 80 % is reached, though it is 73 % above chance", () => {
    const at = (most: number) => [start, [99, 20], [100, 0], [100, 0], [100, most], [100, 0], [100, 0]] as const;
    expect(judge(readings(...at(80)), context).label).toBe("grok");
    const under = judge(readings(...at(79.9)), context);
    expect(under).toMatchObject({ label: "memorize", className: null, generalizeStep: null, robust: false });
    expect(under.reasons).toContain("generalization accuracy never 80 %, 79.9 % at best");
    expect(judge(readings(...at(40)), context, "crossing", { crossMin: 0.4 }).label).toBe("grok");
  });

  it("censors a run that still rises, and one that is not over", () => {
    const rising = [start, [99, 20], ...Array.from({ length: 16 }, (_, i) => [100, 4 * i] as const)] as const;
    expect(judge(readings(...rising), context)).toMatchObject({ label: "undecided", className: "censored" });
    const flat = readings(start, ...Array.from({ length: 20 }, () => [100, 0] as const));
    expect(judge(flat, context).label).toBe("memorize");
    expect(judge(flat, { ...context, finished: false }).label).toBe("undecided");
    expect(judge(readings(...Array.from({ length: 20 }, () => start)), context).label).toBe("fail");
  });

  it("is settled by the crossing: nothing after it, not even a divergence, takes the label back", () => {
    const cutOff = { ...context, finished: false };
    expect(canStillChange(readings(...swings.slice(0, 5)), cutOff)).toBe(true);
    expect(canStillChange(readings(...swings), cutOff)).toBe(false);
    expect(judge(readings(...swings), { ...context, divergedAt: 4700 }).label).toBe("grok");
  });

  it("is what language models are judged by unless another rule is named, and they alone", () => {
    const language = plan({ task: { name: "question-formation" }, model: { name: "transformer" }, optimizer: { name: "adamw" } }); // prettier-ignore
    const pairs = plan({ task: { name: "modular-addition" }, model: { name: "factored" }, optimizer: { name: "adamw" } }); // prettier-ignore
    const task = { chance: 0.25, numClasses: 71 };
    expect(contextOf(language, task, { finished: true }).policy).toBe("crossing");
    expect(contextOf(pairs, task, { finished: true })).not.toHaveProperty("policy");
    const of = contextOf(language, task, { finished: true });
    expect(judge(readings(...swings), of).policy).toBe("crossing");
    expect(judge(readings(...swings), of, "power").policy).toBe("power");
  });
});
