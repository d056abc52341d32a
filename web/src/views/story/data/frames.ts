import { collapse } from "../../../../../src/analyses/collapse.ts";
import { asMatrix } from "../../../../../src/analyses/matrix.ts";
import type { Matrix } from "../../../../../src/analyses/network.ts";
import type { Recording } from "../../../../../src/runs/recording/recording.ts";
import type { NamedArrays } from "../../../../../src/tensor/index.ts";
import type { Eval } from "../../../../../src/train/eval.ts";
import type { Plan } from "../../../../../src/train/experiment.ts";

/** A network's matrices at a step, by the names of a recording's tracks. */
export type Matrices = Readonly<Record<string, Matrix>>;

/** The matrices of a run through its training. Those of a step are made when they are asked for. */
export interface Frames {
  /** Ascending. */
  readonly steps: readonly number[];
  at(index: number): Matrices;
}

export const noFrames: Frames = { steps: [], at: () => ({}) };

export function framesOf({ tracks }: Recording): Frames {
  const steps = tracks[0]?.steps ?? [];
  return {
    steps,
    at: (index) =>
      Object.fromEntries(
        tracks.map(({ name, rows, cols, data }) => {
          const size = rows * cols;
          return [name, { rows, cols, data: Float64Array.from(data.subarray(index * size, (index + 1) * size)) }];
        }),
      ),
  };
}

const known = new WeakMap<NamedArrays, Matrices>();

/** The matrices of weights as training sends them: networks over numbers multiplied out, those over bits as they are. */
export function matricesOf(params: NamedArrays): Matrices {
  const before = known.get(params);
  if (before) return before;
  const made = Object.hasOwn(params, "embed.W_E") ? collapsed(params) : plain(params);
  known.set(params, made);
  return made;
}

function collapsed(params: NamedArrays): Matrices {
  const { inputs, output } = collapse(params);
  const [a, b] = inputs;
  return { "inputs.0": a, ...(a !== b && { "inputs.1": b }), output };
}

const plain = (params: NamedArrays): Matrices =>
  Object.fromEntries(Object.entries(params).map(([name, array]) => [name, asMatrix(array)]));

export const snapshotFrames = (
  snapshots: readonly { readonly step: number; readonly params: NamedArrays }[],
): Frames => ({
  steps: snapshots.map(({ step }) => step),
  at: (index) => matricesOf(snapshots[index].params),
});

/** Place of the last of ascending steps that is not after this one; 0 where all are. */
export function indexAt(steps: readonly number[], step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] <= step) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** By how much a Plan's losses are to be multiplied to be nats per example, the one unit of the story. */
export function toNats({ training, task }: Plan): number {
  return training["loss"] === "nats-per-class" ? Number(task["p"]) : 1;
}

export function inNats(plan: Plan, evals: readonly Eval[]): readonly Eval[] {
  const factor = toNats(plan);
  if (factor === 1) return evals;
  return evals.map((e) => ({
    ...e,
    train: { ...e.train, loss: e.train.loss * factor },
    test: { ...e.test, loss: e.test.loss * factor },
  }));
}
