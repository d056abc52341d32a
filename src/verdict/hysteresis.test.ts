import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkHysteresis, countSpans, course, learnedNow, type Hysteresis } from "./hysteresis.ts";

const t: Hysteresis = { enter: 0.95, leave: 0.8, leaveLoss: 0.75, dwellIn: 3, dwellOut: 5 };
const points = (accuracies: readonly number[], loss = 0.1) =>
  accuracies.map((accuracy, step) => ({ step, accuracy, loss }));
const walk = (...accuracies: number[]) => course(points(accuracies), t);
const [high, middle, low] = [1, 0.9, 0.1];

describe("a half of the data", () => {
  it("is learned from the first of three evaluations in a row at the threshold", () => {
    expect(walk(low, high, high, high)).toMatchObject({ firstIn: 1, inside: true, learned: [false, true, true, true] });
    expect(walk(0.95, 0.95, 0.95).firstIn).toBe(0);
    expect(walk(0.9499, 0.95, 0.95).firstIn).toBeNull();
  });

  it("is not learned by two in a row, however often", () => {
    expect(walk(high, high, low, high, high, middle, high, high)).toMatchObject({ firstIn: null, pending: 2 });
  });

  it("stays learned between the two thresholds", () => {
    expect(walk(high, high, high, middle, middle, middle, middle, middle, middle, 0.8, 0.8).inside).toBe(true);
  });

  it("is lost from the first of five evaluations in a row below the lower threshold", () => {
    const lost = walk(high, high, high, high, low, low, low, low, low, low);
    expect(lost).toMatchObject({ firstIn: 0, lastOut: 4, inside: false, spikes: [] });
    expect(lost.learned).toEqual([true, true, true, true, false, false, false, false, false, false]);
  });

  it("is not lost by four, which count as one spike once they are over", () => {
    expect(walk(high, high, high, low, low, low, low)).toMatchObject({ inside: true, pending: 4, spikes: [] });
    expect(walk(high, high, high, low, low, low, low, high)).toMatchObject({
      inside: true,
      pending: 0,
      spikes: [{ from: 3, to: 6 }],
    });
  });

  it("is lost by a loss above .75 nats only while accuracy is below the upper threshold", () => {
    const after = (accuracy: number, loss: number) =>
      course([...points([high, high, high]), ...points(Array<number>(5).fill(accuracy), loss)], t).inside;
    expect(after(middle, 0.76)).toBe(false);
    expect(after(middle, 0.75)).toBe(true);
    expect(after(high, 2)).toBe(true);
  });

  it("can be learned, lost and learned again", () => {
    const lows = Array<number>(5).fill(low);
    expect(walk(high, high, high, ...lows, high, high, high)).toMatchObject({ firstIn: 0, lastOut: 3, inside: true });
  });

  it("is never learned where accuracy is not a number", () => {
    expect(walk(NaN, NaN, NaN, NaN)).toMatchObject({ firstIn: null, inside: false, pending: 0 });
  });

  it("counts overlapping spikes of both halves once", () => {
    expect(countSpans([{ from: 3, to: 4 }, { from: 9, to: 9 }], [{ from: 4, to: 6 }])).toBe(2); // prettier-ignore
    expect(countSpans([], [])).toBe(0);
  });
});

it("the state read backwards is the state walked forwards", () => {
  const levels = fc.array(fc.constantFrom(0, 0.79, 0.8, 0.9, 0.95, 1, NaN), { maxLength: 60 });
  fc.assert(
    fc.property(levels, fc.array(fc.constantFrom(0.1, 0.8), { minLength: 60, maxLength: 60 }), (accuracies, losses) => {
      const all = accuracies.map((accuracy, step) => ({ step, accuracy, loss: losses[step] }));
      for (const at of [{ ...t }, { ...t, dwellIn: 1, dwellOut: 1 }, { ...t, leave: 0.95 }]) {
        expect(learnedNow(all.length, (i) => all[i], at)).toBe(course(all, at).inside);
      }
    }),
  );
});

it("thresholds that contradict each other are refused", () => {
  expect(() => checkHysteresis({ ...t, leave: 0.96 })).toThrow("leave: 0.96 is not allowed; give a number up to enter");
  expect(() => checkHysteresis({ ...t, leave: 0.95 })).not.toThrow();
});
