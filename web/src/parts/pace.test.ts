import { describe, expect, it } from "vitest";
import { Pace } from "./pace.ts";

/** A page whose time is moved by hand; a redraw takes so many milliseconds. */
function pageOf(cost: number) {
  let time = 0;
  let waiting: { at: number; then: () => void }[] = [];
  const drawn: number[] = [];
  const pace = new Pace(() => drawn.push(time), {
    now: () => time,
    after: (milliseconds, then) => waiting.push({ at: time + milliseconds, then }),
    frame(draw, after) {
      draw();
      time += cost;
      after();
    },
  });
  const pass = (until: number): void => {
    for (; time < until; time++) {
      const due = waiting.filter(({ at }) => at <= time);
      waiting = waiting.filter(({ at }) => at > time);
      for (const { then } of due) then();
      pace.want();
    }
  };
  return { pace, pass, drawn };
}

describe("a pace", () => {
  it("draws what comes every millisecond ten times a second where drawing is quick", () => {
    const { pass, drawn } = pageOf(1);
    pass(1000);
    expect(drawn.length).toBeGreaterThanOrEqual(9);
    expect(drawn.length).toBeLessThanOrEqual(10);
  });

  it("leaves eleven twelfths of the time to others where drawing is slow", () => {
    const { pass, drawn } = pageOf(60);
    pass(7200);
    expect(drawn.length * 60).toBeLessThanOrEqual(7200 / 12 + 60);
    expect(drawn.length).toBeGreaterThan(7);
  });

  it("draws at once when asked, and not once more for the same news", () => {
    const { pace, pass, drawn } = pageOf(1);
    pace.flush();
    expect(drawn).toEqual([]);
    pace.want();
    pace.flush();
    expect(drawn).toEqual([0]);
    pass(1);
    expect(drawn).toEqual([0]);
  });
});
