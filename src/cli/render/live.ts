import type { Eval, Score } from "../../train/eval.ts";
import type { PhaseName } from "../../verdict/index.ts";
import { duration, percent, rate, shortAccuracy, shortLoss, steps as stepText } from "./numbers.ts";
import { phasePaint, phaseWords } from "./phase-words.ts";
import { sparkline } from "./sparkline.ts";
import type { Style } from "./style.ts";
import { clipped, padEnd, padStart, width } from "./text.ts";

/** Where a run stands, as the live block and the plain lines show it. */
export interface Progress {
  /** The last evaluation. */
  readonly last: Eval;
  /** Steps of the Plan. */
  readonly steps: number;
  /** Undefined before two evaluations of this sitting. */
  readonly stepsPerSecond: number | undefined;
  readonly phase: PhaseName;
  /** Test accuracy above chance of every evaluation so far: 0 is a guess, 1 is perfect. */
  readonly curve: readonly number[];
}

const gap = "  ";
/** On one line only where the curve gets this many columns beside the rest. */
const curveBeside = 20;
const narrowestCurve = 6;
const widestCurve = 40;

interface Part {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/**
 * The progress on one line, or on two where the terminal is narrower: how far it is, then how well it does. What is
 * needed least goes first where there is no room; numbers are padded, so that nothing jumps while they change.
 */
export function liveBlock(progress: Progress, columns: number, style: Style): readonly string[] {
  const room = Math.max(10, columns - 1); // a full last column makes some terminals wrap
  const pace = paceParts(progress, style);
  const scores = scoreParts(progress);
  const whole = [...pace[0], ...scores[0]];
  if (lengthOf(whole) + gap.length + curveBeside <= room)
    return [painted(whole) + curveIn(progress, whole, room, style)];
  const fitting = (choices: readonly (readonly Part[])[], least: number): readonly Part[] =>
    choices.find((parts) => lengthOf(parts) + least <= room) ?? clippedParts(choices.at(-1)!, room);
  const second = fitting(scores, gap.length + narrowestCurve);
  return [painted(fitting(pace, 0)), painted(second) + curveIn(progress, second, room, style)];
}

/** How far it is: from everything to only the step. */
function paceParts({ last, steps, stepsPerSecond, phase }: Progress, style: Style): readonly (readonly Part[])[] {
  const total = stepText(steps);
  const seconds = stepsPerSecond === undefined ? NaN : (steps - last.step) / stepsPerSecond;
  const now = padStart(stepText(last.step), total.length);
  const step = { text: `step ${now} of ${total}`, paint: style.bold };
  const speed = { text: padStart(`${rate(stepsPerSecond ?? NaN)} steps/s`, 13), paint: style.dim };
  const left = { text: padStart(`${duration(seconds)} left`, 13), paint: style.dim };
  const doing = { text: padEnd(phaseWords[phase], 14), paint: phasePaint[phase](style) };
  const short = { text: now, paint: style.bold };
  return [[step, speed, left, doing], [step, left, doing], [step, doing], [short, doing], [short]];
}

/** How well it does: from losses and accuracies of both halves to the test accuracy. */
function scoreParts({ last }: Progress): readonly (readonly Part[])[] {
  const accuracy = (name: "train" | "test"): Part => ({
    text: `${name} ${padStart(shortAccuracy(last[name].accuracy), 6)}`,
  });
  const both = (name: "train" | "test"): Part => ({
    text: `${name} ${padEnd(shortLoss(last[name].loss), 7)} ${padStart(shortAccuracy(last[name].accuracy), 6)}`,
  });
  return [
    [both("train"), both("test")],
    [accuracy("train"), both("test")],
    [accuracy("train"), accuracy("test")],
    [accuracy("test")],
  ];
}

const lengthOf = (parts: readonly Part[]): number =>
  parts.reduce((sum, { text }) => sum + width(text), gap.length * (parts.length - 1));
const painted = (parts: readonly Part[]): string =>
  parts.map(({ text, paint }) => (paint ? paint(text) : text)).join(gap);
const clippedParts = (parts: readonly Part[], room: number): readonly Part[] => [
  { text: clipped(parts.map(({ text }) => text).join(gap), room) },
];

/** The curve in what is left of the line, over all steps of the Plan: what is still to come is dotted. */
function curveIn({ curve, last, steps }: Progress, beside: readonly Part[], room: number, style: Style): string {
  const columns = Math.min(widestCurve, room - lengthOf(beside) - gap.length);
  if (columns < narrowestCurve) return "";
  const done = steps > 0 ? Math.round((columns * last.step) / steps) : columns;
  return `${gap}${style.cyan(sparkline(curve, done, style))}${style.dim((style.unicode ? "·" : " ").repeat(columns - done))}`;
}

/** The sequence that goes back to the first column of a block drawn before and clears it, however the terminal broke it. */
export function erase(block: readonly string[], columns: number): string {
  if (block.length === 0) return "";
  const rows = block.reduce((sum, line) => sum + Math.max(1, Math.ceil(width(line) / Math.max(1, columns))), 0);
  return `\r${rows > 1 ? `\x1b[${rows - 1}A` : ""}\x1b[J`;
}

/** The progress as a line of words, for a log. */
export function progressLine({ last, steps, stepsPerSecond, phase }: Progress): string {
  const score = ({ loss, accuracy }: Score) => `loss ${shortLoss(loss)}, accuracy ${shortAccuracy(accuracy)}`;
  const speed =
    stepsPerSecond === undefined
      ? ""
      : `; ${rate(stepsPerSecond)} steps/s, ${duration((steps - last.step) / stepsPerSecond)} left`;
  const share = steps > 0 ? ` (${percent(Math.round((100 * last.step) / steps) / 100)})` : "";
  return (
    `step ${stepText(last.step)} of ${stepText(steps)}${share}: train ${score(last.train)}; test ${score(last.test)}; ` +
    `${phaseWords[phase]}${speed}`
  );
}
