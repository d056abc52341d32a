import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { due, times } from "./times.ts";

describe("times", () => {
  it("are so many steps apart, with both ends", () => {
    expect([...times(30, 1, 100)]).toEqual([0, 30, 60, 90, 100]);
    expect([...times(50, 1, 100)]).toEqual([0, 50, 100]);
    expect([...times(0, 1, 100)]).toEqual([100]);
    expect([...times(10, 1, 0)]).toEqual([0]);
  });

  it("grow apart in proportion once that is more", () => {
    expect([...times(10, 2, 200)]).toEqual([0, 10, 20, 40, 80, 160, 200]);
  });

  it("ascend, begin at 0 and end at the last step", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: 1, max: 3, noNaN: true }),
        fc.nat(2000),
        (every, growth, steps) => {
          const all = [...times(every, growth, steps)];
          expect(all[0]).toBe(0);
          expect(all.at(-1)).toBe(steps);
          expect(all.every((step, i) => i === 0 || step > all[i - 1])).toBe(true);
        },
      ),
    );
  });
});

describe("due", () => {
  it("is true at the steps of the schedule and nowhere else, wherever it begins", () => {
    for (const first of [0, 1, 30, 31, 99, 100]) {
      const isDue = due(times(30, 1, 100), first);
      const steps = Array.from({ length: 101 - first }, (_, i) => first + i);
      expect(steps.filter(isDue)).toEqual([0, 30, 60, 90, 100].filter((step) => step >= first));
    }
  });
});
