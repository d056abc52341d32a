import { describe, expect, it } from "vitest";
import { erase, liveBlock, progressLine, type Progress } from "./live.ts";
import { plain, styleFor } from "./style.ts";
import { uncolored, width } from "./text.ts";

const progress: Progress = {
  last: {
    step: 12_300,
    train: { loss: 8.7e-7, accuracy: 1 },
    test: { loss: 1.244, accuracy: 0.0066 },
    normL1: 1,
    normL2: 1,
  },
  steps: 50_000,
  stepsPerSecond: 1059,
  phase: "memorized",
  curve: [0, 0, 0, 0, 0.5, 1],
};

describe("the live block", () => {
  it("is one line at 140 columns", () => {
    expect(liveBlock(progress, 140, plain)).toEqual([
      "step 12,300 of 50,000  1,060 steps/s      36 s left  memorized       train 8.70e-7  100 %  test 1.24     0.7 %  ▁▁▁▁▁▅█····················",
    ]);
  });

  it("is two lines at 80 columns", () => {
    expect(liveBlock(progress, 80, plain)).toEqual([
      "step 12,300 of 50,000  1,060 steps/s      36 s left  memorized     ",
      "train 8.70e-7  100 %  test 1.24     0.7 %  ▁▁▁▁▁▁▅▅█···························",
    ]);
  });

  it("keeps step, phase, accuracies and curve at 40 columns", () => {
    expect(liveBlock(progress, 40, plain)).toEqual([
      "step 12,300 of 50,000  memorized     ",
      "train  100 %  test  0.7 %  ▁▁▆·········",
    ]);
  });

  it("never fills the last column, whatever the width and the numbers", () => {
    const hard: Progress = {
      ...progress,
      last: {
        ...progress.last,
        step: 999_999_999,
        train: { loss: NaN, accuracy: NaN },
        test: { loss: -Infinity, accuracy: 0.5 },
      },
      steps: 1_000_000_000,
      stepsPerSecond: undefined,
      phase: "diverged",
    };
    for (const state of [progress, hard, { ...progress, steps: 0 }, { ...progress, curve: [] }]) {
      for (let columns = 11; columns <= 200; columns++) {
        const lines = liveBlock(state, columns, styleFor({ isTTY: true }, { FORCE_COLOR: "1" }));
        expect(lines.length).toBeLessThanOrEqual(2);
        for (const line of lines) expect(width(line)).toBeLessThan(columns);
      }
    }
  });

  it("does not jump while its numbers change", () => {
    const widths = [7, 1234, 50_000].map(
      (step) => liveBlock({ ...progress, last: { ...progress.last, step } }, 140, plain)[0].length,
    );
    expect(new Set(widths).size).toBe(1);
  });

  it("has no color without color", () => {
    const colored = liveBlock(progress, 80, styleFor({ isTTY: true }, {}));
    expect(colored.join("")).toContain("\x1b[");
    expect(colored.map(uncolored)).toEqual(liveBlock(progress, 80, plain));
    expect(liveBlock(progress, 80, styleFor({ isTTY: true }, { NO_COLOR: "1" })).join("")).not.toContain("\x1b[");
  });

  it("is erased with as many rows as the terminal made of it", () => {
    expect(erase([], 80)).toBe("");
    expect(erase(["one line"], 80)).toBe("\r\x1b[J");
    expect(erase(["one", "two"], 80)).toBe("\r\x1b[1A\x1b[J");
    // Made narrower since: 60 characters now take two rows of 40.
    expect(erase(["x".repeat(60), "y".repeat(30)], 40)).toBe("\r\x1b[2A\x1b[J");
  });
});

it("a plain line says the same in words", () => {
  expect(progressLine(progress)).toBe(
    "step 12,300 of 50,000 (25 %): train loss 8.70e-7, accuracy 100 %; test loss 1.24, accuracy 0.7 %; memorized; " +
      "1,060 steps/s, 36 s left",
  );
});
