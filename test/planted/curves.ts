import type { Eval } from "../../src/train/eval.ts";
import type { Context } from "../../src/verdict/index.ts";

/** A run on addition mod 67, in nats: chance accuracy 1/67, chance loss 4.205. */
export const context: Context = { chance: 1 / 67, numClasses: 67, lossUnit: "nats", finished: true };
export const cutOff: Context = { ...context, finished: false };

/** Training loss and accuracy, test loss and accuracy, from this step on the way to the next. */
export interface Keyframe {
  readonly step: number;
  readonly train: readonly [loss: number, accuracy: number];
  readonly test: readonly [loss: number, accuracy: number];
}

/** Evaluations every so many steps through the keyframes: accuracy straight between them, loss straight in its logarithm. */
export function through(keyframes: readonly Keyframe[], every: number): Eval[] {
  const last = keyframes.at(-1)!.step;
  return Array.from({ length: Math.floor(last / every) + 1 }, (_, i) => {
    const step = i * every;
    const next = Math.max(
      1,
      keyframes.findIndex((k) => k.step >= step),
    );
    const [a, b] = [keyframes[next - 1], keyframes[next]];
    const t = (step - a.step) / (b.step - a.step);
    const score = (half: "train" | "test") => ({
      loss: Math.exp((1 - t) * Math.log(a[half][0]) + t * Math.log(b[half][0])),
      accuracy: (1 - t) * a[half][1] + t * b[half][1],
    });
    return { step, train: score("train"), test: score("test"), normL1: 100, normL2: 10 };
  });
}

const untrained = [4.3, 0.015] as const;
const solved = [1e-4, 1] as const;
const lost = [90, 0.01] as const;
const start: Keyframe = { step: 0, train: untrained, test: untrained };

/** Fitted at `fit`, test accuracy jumps within `fit` steps to `generalize`; in between its loss stands high and falls. */
export const grokker = ({ fit = 500, generalize = 20_000, steps = 30_000, every = 100 } = {}): Eval[] =>
  through(
    [
      start,
      { step: fit, train: solved, test: lost },
      { step: generalize - fit, train: solved, test: [20, 0.05] },
      { step: generalize, train: solved, test: [1e-3, 1] },
      { step: Math.max(steps, generalize + 1), train: solved, test: solved },
    ],
    every,
  );

/** Fitted at `fit`; its test loss rises to `lost` and then moves by the factor `drift` until the end. */
export const memorizer = ({ fit = 500, steps = 20_000, every = 100, drift = 1, accuracy = 0.01 } = {}): Eval[] =>
  through(
    [
      start,
      { step: fit, train: solved, test: [lost[0], accuracy] },
      { step: steps, train: solved, test: [lost[0] * drift, accuracy] },
    ],
    every,
  );

/** Both halves learned together by `fit`. */
export const generalizer = ({ fit = 500, steps = 5000, every = 50 } = {}): Eval[] =>
  through([start, { step: fit, train: solved, test: [2e-4, 1] }, { step: steps, train: solved, test: solved }], every);

/** Nothing is learned. */
export const failure = ({ steps = 5000, every = 50 } = {}): Eval[] =>
  through([start, { step: steps, train: [4.25, 0.02], test: [4.3, 0.015] }], every).map((e) => ({
    ...e,
    train: { loss: 4.2, accuracy: 0.02 },
  }));

/** Generalized with the training data, forgotten from `forget` on, and learned again by `again` where that is given. */
export const forgetter = ({ forget = 5000, again = 0, steps = 20_000, every = 100 } = {}): Eval[] =>
  through(
    [
      start,
      { step: 500, train: solved, test: [1e-2, 1] },
      { step: forget, train: solved, test: [1e-2, 1] },
      { step: forget + 1000, train: solved, test: [30, 0.1] },
      ...(again > 0
        ? [
            { step: again, train: solved, test: [30, 0.1] as const },
            { step: again + 500, train: solved, test: solved },
          ]
        : []),
      { step: steps, train: solved, test: again > 0 ? solved : [30, 0.1] },
    ],
    every,
  );

/** The same evaluations with some of them replaced: by index. */
export const edited = (evals: readonly Eval[], indices: readonly number[], change: (e: Eval) => Eval): Eval[] =>
  evals.map((e, i) => (indices.includes(i) ? change(e) : e));

/** A slingshot: for one evaluation both halves are gone. */
export const spike = (e: Eval): Eval => ({
  ...e,
  train: { loss: 3, accuracy: 0.4 },
  test: { loss: 5, accuracy: 0.2 },
});

/**
 * The published log of the main run (seed 165) in its own unit, cross-entropy / 67: the rows that are printed, and
 * straight lines between them.
 */
export const publishedMain = (every = 100): Eval[] =>
  through(
    (
      [
        [0, 0.06519, 0.06437, 0.0176, 0.0154],
        [100, 0.02819, 0.1508, 0.519, 0.0029],
        [500, 2.42e-4, 0.9, 1, 0.0037],
        [1000, 3.94e-6, 1.41, 1, 0.0088],
        [1400, 1.14e-6, 1.532, 1, 0.0102],
        [10_000, 8.7e-7, 1.244, 1, 0.0066],
        [20_000, 6.76e-7, 0.855, 1, 0.0161],
        [30_000, 4.94e-7, 0.404, 1, 0.0512],
        [37_000, 3.82e-7, 0.177, 1, 0.183],
        [39_000, 2.97e-7, 0.0373, 1, 0.585],
        [40_000, 2.53e-7, 0.003, 1, 0.936],
        [42_000, 2.23e-7, 1.24e-5, 1, 1],
        [50_000, 1.9977e-7, 1.3401e-6, 1, 1],
      ] as const
    ).map(([step, trainLoss, testLoss, trainAccuracy, testAccuracy]) => ({
      step,
      train: [trainLoss, trainAccuracy] as const,
      test: [testLoss, testAccuracy] as const,
    })),
    every,
  );
export const publishedContext: Context = { ...context, lossUnit: "nats/class" };
