import { FormatError } from "../../tensor/formats/format-error.ts";
import type { Plan } from "../../train/experiment.ts";
import { canonicalJson, plan as planOf } from "../../train/plan.ts";
import { labels, type Extremes } from "../../verdict/index.ts";
import { limits, type RecordedVerdict, type Recording } from "./recording.ts";
import type { Track } from "./track.ts";

type TrackHeader = Omit<Track, "data">;
/** What the header says of one run: all but the numbers, of which it gives the count. */
export type RunHeader = Omit<Recording, "evals" | "tracks"> & {
  readonly evals: number;
  /** Names of the further measures. */
  readonly measures: readonly string[];
  readonly tracks: readonly TrackHeader[];
};

/** @throws FormatError that names what is wrong; nothing of the size that a header announces has been allocated by then */
export function readHeader(text: string): readonly RunHeader[] {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    throw new FormatError("damaged recording: its header is not JSON");
  }
  if (!isRecord(header) || !Array.isArray(header["plans"]) || !Array.isArray(header["runs"])) {
    throw new FormatError("damaged recording: its header has no plans and runs");
  }
  const { plans, runs } = header as { plans: unknown[]; runs: unknown[] };
  if (runs.length > limits.runs) throw new FormatError(`recording: ${runs.length} runs; at most ${limits.runs}`);
  if (plans.length > runs.length) throw new FormatError("damaged recording: more plans than runs");
  // Runs of one Plan differ in the seed alone, so its text is checked once.
  const checked = plans.map((plan) => checkedPlan({ ...(isRecord(plan) ? plan : {}), seed: 0 } as Plan));
  return runs.map((run, i) => readRun(run, checked, `run ${i + 1}`));
}

/** A Plan with every default written out and every value allowed, and nothing else. */
function checkedPlan(plan: Plan): Plan {
  let full: Plan;
  try {
    full = planOf(plan);
  } catch (error) {
    throw new FormatError(`recording: its plan cannot be trained: ${(error as Error).message}`);
  }
  if (canonicalJson(full) !== canonicalJson(plan)) {
    throw new FormatError("recording: its plan is not written out in full; it was made by another version");
  }
  return full;
}

function readRun(run: unknown, plans: readonly Plan[], what: string): RunHeader {
  if (!isRecord(run)) throw new FormatError(`damaged recording: ${what} is not an object`);
  const { plan, seed, evals, measures, tracks, verdict, extremes, weightsHash } = run;
  if (!whole(plan, plans.length - 1) || !whole(seed, Number.MAX_SAFE_INTEGER)) {
    throw new FormatError(`damaged recording: ${what} names no plan and seed`);
  }
  if (!whole(evals, limits.evals)) {
    throw new FormatError(`recording: ${what} announces no allowed number of evaluations; at most ${limits.evals}`);
  }
  if (!Array.isArray(measures) || measures.length > limits.measures || !measures.every(isMeasure)) {
    throw new FormatError(`damaged recording: ${what} has no list of at most ${limits.measures} measures`);
  }
  if (!Array.isArray(tracks) || tracks.length > limits.tracks) {
    throw new FormatError(`recording: ${what} has no list of at most ${limits.tracks} tracks`);
  }
  return {
    plan: { ...plans[plan], seed },
    evals,
    measures: measures as string[],
    tracks: tracks.map((track) => readTrack(track, what)),
    ...(verdict !== undefined && { verdict: readVerdict(verdict, what) }),
    ...(extremes !== undefined && { extremes: readExtremes(extremes, what) }),
    ...(weightsHash !== undefined && { weightsHash: readHash(weightsHash, what) }),
  };
}

function readTrack(track: unknown, what: string): TrackHeader {
  if (!isRecord(track)) throw new FormatError(`damaged recording: a track of ${what} is not an object`);
  const { name, rows, cols, steps } = track;
  if (typeof name !== "string" || !/^[A-Za-z0-9_.]{1,40}$/.test(name)) {
    throw new FormatError(`damaged recording: a track of ${what} has no name`);
  }
  if (!whole(rows, limits.entries) || !whole(cols, limits.entries) || rows * cols > limits.entries) {
    throw new FormatError(`recording: ${name} of ${what} is no matrix of at most ${limits.entries} entries`);
  }
  if (!Array.isArray(steps) || steps.length > limits.steps || !steps.every((step) => whole(step, 1e9))) {
    throw new FormatError(`recording: ${name} of ${what} has no list of at most ${limits.steps} steps`);
  }
  const list = steps;
  if (list.some((step, i) => i > 0 && step <= list[i - 1])) {
    throw new FormatError(`damaged recording: the steps of ${name} of ${what} do not ascend`);
  }
  return { name, rows, cols, steps: list };
}

function readVerdict(verdict: unknown, what: string): RecordedVerdict {
  const wrong = new FormatError(`damaged recording: the verdict of ${what} is none`);
  if (!isRecord(verdict)) throw wrong;
  const { policy, className } = verdict;
  const label = labels.find((known) => known === verdict["label"]);
  if (!label || typeof policy !== "string" || !/^[a-z-]{1,40}$/.test(policy)) throw wrong;
  if (className !== null && (typeof className !== "string" || !/^[A-Za-z/ -]{1,40}$/.test(className))) throw wrong;
  const step = (name: "fitStep" | "generalizeStep" | "lastStep"): number | null => {
    const value = verdict[name];
    if (value === null || whole(value, 1e9)) return value;
    throw wrong;
  };
  return {
    ...{ label, policy, className },
    fitStep: step("fitStep"),
    generalizeStep: step("generalizeStep"),
    lastStep: step("lastStep"),
  };
}

function readExtremes(extremes: unknown, what: string): Extremes {
  const number = (name: keyof Extremes): number | null => {
    const value = isRecord(extremes) ? extremes[name] : undefined;
    if (value === null || (typeof value === "number" && value >= 0)) return value;
    throw new FormatError(`damaged recording: ${name} of ${what} is no number of at least 0`);
  };
  return { minTrain: number("minTrain"), minTest: number("minTest"), maxRatio: number("maxRatio") };
}

function readHash(hash: unknown, what: string): string {
  if (typeof hash === "string" && /^sha256:[0-9a-f]{64}$/.test(hash)) return hash;
  throw new FormatError(`damaged recording: the weights hash of ${what} is none`);
}

const isMeasure = (name: unknown): boolean => typeof name === "string" && /^[A-Za-z][A-Za-z0-9_./ -]{0,79}$/.test(name);
const whole = (value: unknown, max: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= max;
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
