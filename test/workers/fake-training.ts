import { closeSync, openSync, writeSync } from "node:fs";
import type { Checkpoint } from "../../src/train/checkpoint.ts";
import type { Plan } from "../../src/train/experiment.ts";
import type { Moment, Outcome, TrainOptions } from "../../src/train/train.ts";
import { stopAsked, tellStep } from "../../src/workers/control.ts";
import type { StartTrainer } from "../../src/workers/pool.ts";
import { trainJob } from "../../src/workers/train-job.ts";

const multiplier = 0x9e3779b1;

/** Weights after one more update: every bit of them depends on every step, and on the seed. */
function updated(weights: Float32Array<ArrayBuffer>, step: number, seed: number): Float32Array<ArrayBuffer> {
  return weights.map((w, i) => {
    const bits = new Int32Array(Float32Array.of(w).buffer)[0];
    const mixed = Math.imul(bits ^ (step * 31 + seed * 17 + i), multiplier) >>> 9;
    return 1 + mixed / 2 ** 23;
  });
}

/** Trains like `train`, and as deterministically, but on nothing, so many milliseconds a step. */
export const fakeTrain = (stepMs: number) =>
  function* (plan: Plan, { from, interrupt }: TrainOptions = {}): Generator<Moment, Outcome> {
    const { steps, evalEvery, checkpointEvery } = plan.training as unknown as Record<string, number>;
    let weights = Float32Array.from(from?.params["w"]?.data ?? [1, 1, 1, 1]);
    const pause = new Int32Array(new SharedArrayBuffer(4));
    for (let step = from?.step ?? 0; ; step++) {
      const at = step;
      const kept = weights;
      const snapshot = (): Checkpoint => ({ step: at, params: { w: { shape: [4], data: kept } }, state: {} });
      const checkpointDue = step > 0 && checkpointEvery > 0 && step % checkpointEvery === 0;
      if (step % evalEvery === 0 || step === steps || checkpointDue) {
        const loss = weights[0] / (1 + step);
        const half = { loss, accuracy: Math.min(1, step / steps) };
        yield {
          step,
          train: half,
          test: half,
          normL1: weights[1],
          normL2: weights[2],
          checkpointDue,
          snapshot,
          params: {},
        };
      }
      if (step >= steps) return { status: "finished", step, checkpoint: snapshot() };
      if (interrupt?.()) return { status: "interrupted", step, checkpoint: snapshot() };
      Atomics.wait(pause, 0, 0, stepMs);
      weights = updated(weights, step, plan.seed);
    }
  };

/** Trains in this thread, and writes the id of each run that it has trained to its end into a file. */
export const fakeTrainer =
  (stepMs: number, endsFile?: string): StartTrainer =>
  (store, control, place) => ({
    train: async (job) => {
      const at = (step: number) => tellStep(control, place, step);
      const result = await trainJob(store, job, { stopped: () => stopAsked(control), at }, fakeTrain(stepMs));
      if (
        endsFile !== undefined &&
        result.kind === "ended" &&
        result.record.status === "finished" &&
        result.seconds > 0
      ) {
        const file = openSync(endsFile, "a");
        writeSync(file, `${result.record.id}\n`);
        closeSync(file);
      }
      return result;
    },
    trial: (plan) => {
      const steps = plan.training["steps"] as number;
      return Promise.resolve({ secondsPerStep: stepMs / 1000, secondsPerEvaluation: 0, checkpointBytes: steps });
    },
    close: () => Promise.resolve(),
  });
