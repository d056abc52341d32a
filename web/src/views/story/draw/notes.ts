import type { FigureNote } from "../../../parts/figure-notes.ts";
import type { StoryRun } from "../data/story-run.svelte.ts";
import { number, steps } from "../data/facts.ts";
import { lossBump, normPeak } from "../data/parity.ts";
import { turns } from "../data/turns.ts";

// What is to be seen in a figure, said where it is to be seen. Steps and losses are read from the recording; while a
// reader trains another run in its place there are no notes, because they would not be true of it.

const ofRecording =
  (find: (run: StoryRun) => readonly (FigureNote | undefined)[]) =>
  (run: StoryRun): readonly FigureNote[] =>
    run.session || !run.facts ? [] : find(run).flatMap((note) => note ?? []);

const at = (run: StoryRun, step: number) => run.evals.find((e) => e.step >= step);

/** One run that groks: learned by heart, nothing for long, then the rule. */
export const grokking = ofRecording((run) => {
  const { fitted, half } = run.facts ?? {};
  if (fitted === undefined || half === undefined) return [];
  const middle = (fitted + half) / 2;
  return [
    { text: ["knows every sum it was shown", `after ${steps(fitted)} steps`], to: [fitted, 1], at: [0.08, 0.24] },
    { text: ["and for a long time", "hardly any of the others"], to: [middle, 0.02], at: [0.36, 0.6] },
    { text: ["until it does"], to: [half, 0.5], at: [0.6, 0.42] },
  ];
});

/** Ones and zeros. */
export const memorizing = ofRecording((run) => {
  const { fitted, half } = run.facts ?? {};
  const early = fitted === undefined ? undefined : at(run, fitted);
  if (fitted === undefined || half === undefined || !early) return [];
  return [
    { text: ["every example is right,", "new strings little more than half the time"], to: [fitted, early.test.accuracy], at: [0.18, 0.8] },
  ]; // prettier-ignore
});

/** The loss on ones and zeros, where it gets worse on the way. */
export const worse = ofRecording((run) => {
  const bump = lossBump(run.evals);
  return bump
    ? [{ text: ["here the train loss gets a little worse"], to: [bump.step, bump.high], at: [0.45, 0.2] }]
    : [];
});

/** The size of all weights. */
export const largest = ofRecording((run) => {
  const peak = normPeak(run.evals);
  return peak
    ? [{ text: ["memorizing takes weight,", "the rule needs less"], to: [peak.step, peak.value], at: [0.5, 0.3] }]
    : [];
});

/** Every input weight of the network over ones and zeros. */
export const fading = ofRecording((run) => {
  const { most } = run.facts ?? {};
  if (most === undefined) return [];
  const later = (most + run.steps) / 2;
  return [{ text: ["those of the other digits are gone"], to: [later, 0], at: [0.7, 0.74] }];
});

/** A network that leaves its rule, and one that comes back to it. */
export const turning = ofRecording((run) => {
  const found = turns(run.evals);
  if (!found) return [];
  const { low, high, final } = found;
  const slowly = high.step > 0.3 * run.steps;
  const rising = (low.step + high.step) / 2;
  return [
    { text: [`sinks to ${number(low.loss)} nats`], to: [low.step, low.loss], at: [0.08, 0.66] },
    slowly
      ? {
          text: ["larger weights make room", "for exceptions"],
          to: [rising, at(run, rising)?.test.loss ?? high.loss],
          at: [0.4, 0.7],
        }
      : { text: ["climbs again"], to: [high.step, high.loss], at: [0.14, 0.4] },
    final && final.loss < 0.9 * high.loss
      ? { text: ["and is drawn back"], to: [final.step, final.loss], at: [0.74, 0.6] }
      : undefined,
  ];
});

/** Five neurons: no room to learn by heart. */
export const together = ofRecording((run) => {
  const { half } = run.facts ?? {};
  return half === undefined
    ? []
    : [
        {
          text: ["train and test rise together:", "there is no room to learn by heart"],
          to: [half, 0.5],
          at: [0.3, 0.6],
        },
      ];
});
