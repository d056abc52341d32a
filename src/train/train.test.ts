import { describe, expect, it } from "vitest";
import { memoryInUse, read } from "../tensor/index.ts";
import { weightsHash } from "../tensor/formats/weights-hash.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Eval } from "./eval.ts";
import type { Experiment } from "./experiment.ts";
import { plan } from "./plan.ts";
import { train, type Outcome, type TrainOptions } from "./train.ts";

const modular: Experiment = {
  task: { name: "modular-addition", p: 11 },
  model: { name: "factored", dModel: 12, dMlp: 8 },
  optimizer: { name: "adamw", learningRate: 1e-2 },
  training: { steps: 40, evalEvery: 10, checkpointEvery: 20 },
  seed: 5,
};
const parity: Experiment = {
  task: { name: "sparse-parity", n: 9, k: 3, trainSize: 60, testSize: 80 },
  model: { name: "bit-mlp", dMlp: 8 },
  optimizer: { name: "adam-l1", learningRate: 1e-2 },
  training: { steps: 40, evalEvery: 10, checkpointEvery: 20 },
};
const minibatches: Experiment = {
  ...modular,
  optimizer: { name: "sgd", learningRate: 0.1, schedule: "cosine", warmupSteps: 5 },
  training: { ...modular.training, batchSize: 7, precision: "float64" },
};
const frozen: Experiment = {
  ...modular,
  model: { name: "factored", dModel: 4, dMlp: 5, frozenEmbedding: "circle-unit", frequencies: [1, 2] },
};

/** Runs a whole training and keeps what it yields. */
function complete(experiment: Experiment, options: TrainOptions = {}) {
  const evals: Eval[] = [];
  const checkpoints: Checkpoint[] = [];
  const run = train(plan(experiment), options);
  for (;;) {
    const next = run.next();
    if (next.done) return { evals, checkpoints, outcome: next.value, hash: weightsHash(next.value.checkpoint.params) };
    const { step, train: onTrain, test, normL1, normL2, checkpointDue, snapshot } = next.value;
    evals.push({ step, train: onTrain, test, normL1, normL2 });
    if (checkpointDue) checkpoints.push(snapshot());
  }
}

describe.each([
  ["modular addition", modular],
  ["sparse parity", parity],
  ["mini-batches", minibatches],
  ["a frozen embedding", frozen],
])("train: %s", (_, experiment) => {
  const whole = complete(experiment);

  it("evaluates and checkpoints on schedule, ends included", () => {
    expect(whole.evals.map(({ step }) => step)).toEqual([0, 10, 20, 30, 40]);
    expect(whole.checkpoints.map(({ step }) => step)).toEqual([0, 20, 40]);
    expect(whole.outcome).toMatchObject({ status: "finished", step: 40 });
  });

  it("lowers the training loss", () => {
    expect(whole.evals.at(-1)!.train.loss).toBeLessThan(0.97 * whole.evals[0].train.loss);
  });

  it("gives the same bits twice, and others from another seed", () => {
    const again = complete(experiment);
    expect(again.hash).toBe(whole.hash);
    expect(again.evals).toEqual(whole.evals);
    expect(complete({ ...experiment, seed: 77 }).hash).not.toBe(whole.hash);
  });

  it("gives the same bits when it goes on from a checkpoint", () => {
    const rest = complete(experiment, { from: whole.checkpoints[1] });
    expect(rest.hash).toBe(whole.hash);
    expect(rest.evals).toEqual(whole.evals.slice(2));
    expect(weightsHash(rest.outcome.checkpoint.state)).toBe(weightsHash(whole.outcome.checkpoint.state));
  });

  it("can be interrupted at any step, and goes on to the same bits", () => {
    let asked = 0;
    const first = complete(experiment, { interrupt: () => ++asked > 13 });
    expect(first.outcome).toMatchObject({ status: "interrupted", step: 13 });
    expect(complete(experiment, { from: first.outcome.checkpoint }).hash).toBe(whole.hash);
  });

  it("lets a page in between two updates, and ends in the same bits", () => {
    let asked = 0;
    const paused: number[] = [];
    const run = train(plan(modular), { pause: () => asked++ % 3 === 0 });
    for (;;) {
      const { value, done } = run.next();
      if (done) {
        expect(value.checkpoint).toEqual(complete(modular).outcome.checkpoint);
        break;
      }
      if ("paused" in value) paused.push(value.snapshot().step);
    }
    expect(paused.slice(0, 4)).toEqual([0, 3, 6, 9]);
  });

  it("looks without touching: the schedule of evaluations does not change the weights", () => {
    const watched = complete({ ...experiment, training: { ...experiment.training, evalEvery: 1 } });
    expect(watched.hash).toBe(whole.hash);
    expect(watched.evals).toHaveLength(41);
  });

  it("gives its memory back, finished or abandoned", () => {
    const before = memoryInUse().bytes;
    complete(experiment);
    for (const _ of train(plan(experiment))) break;
    expect(memoryInUse().bytes).toBe(before);
  });
});

describe("train", () => {
  it("has two runs going at once in one thread", () => {
    const runs = [train(plan(modular)), train(plan(parity))];
    const outcomes: Outcome[] = [];
    while (outcomes.length < 2) {
      for (const run of runs) {
        const next = run.next();
        if (next.done && (next.value as Outcome | undefined)) outcomes.push(next.value);
      }
    }
    const hashes = outcomes.map(({ checkpoint }) => weightsHash(checkpoint.params)).sort();
    expect(hashes).toEqual([complete(modular).hash, complete(parity).hash].sort());
  });

  it("leaves frozen weights as they are, out of norms and of the optimizer", () => {
    const { checkpoints, outcome, evals } = complete(frozen);
    expect(outcome.checkpoint.params["embed.W_E"].data).toEqual(checkpoints[0].params["embed.W_E"].data);
    expect(Object.keys(outcome.checkpoint.state)).not.toContain("m.embed.W_E");
    const squares = ["mlp.W_in", "mlp.W_out"].flatMap((name) => [...checkpoints[0].params[name].data]);
    expect(evals[0].normL2).toBeCloseTo(Math.sqrt(squares.reduce((sum, x) => sum + x * x, 0)), 5);
  });

  it("reports the published unit when asked: nats divided by the number of classes", () => {
    const nats = complete({ ...modular, training: { steps: 0 } }).evals[0];
    const published = complete({ ...modular, training: { steps: 0, loss: "nats-per-class" } }).evals[0];
    expect(published.train.loss).toBeCloseTo(nats.train.loss / 11, 6);
    expect(published.test.accuracy).toBe(nats.test.accuracy);
  });

  it("ends a diverging run with its step and what to try, and keeps it", () => {
    const wild = { ...modular, optimizer: { name: "sgd", learningRate: 1000 } };
    const { outcome, evals } = complete(wild);
    expect(outcome.status).toBe("diverged");
    expect(outcome.step).toBeLessThan(40);
    expect(outcome.note).toMatch(new RegExp(`at step ${outcome.step}; try a smaller learningRate \\(now 1000\\)`));
    expect(evals.at(-1)?.step).toBe(outcome.step);
    expect(Object.keys(outcome.checkpoint.params)).toEqual(Object.keys(complete(modular).outcome.checkpoint.params));
  });

  it("is diverged too where only the last update broke the weights", () => {
    const wild = { ...modular, optimizer: { name: "sgd", learningRate: 1000 } };
    const { step } = complete({ ...wild, training: { ...wild.training, evalEvery: 1 } }).outcome;
    // The loss before update number step - 1 was finite, and the one after it is not.
    const { outcome, evals } = complete({ ...wild, training: { ...wild.training, steps: step - 1 } });
    expect(evals.at(-1)?.train.loss).toBeNaN();
    expect(outcome).toMatchObject({ status: "diverged", step: step - 1 });
    expect(outcome.note).toMatch(/try a smaller learningRate/);
  });

  it("begins a run of a billion steps without listing them", () => {
    const run = train(plan({ ...modular, training: { steps: 1_000_000_000, evalEvery: 1, checkpointEvery: 1 } }));
    expect(run.next().done).toBe(false);
    run.return(undefined as never);
  });

  it("refuses an option of the loss that would do nothing", () => {
    const start = (experiment: Experiment) => () => complete(experiment);
    expect(start({ ...modular, training: { clip: 1e-7 } })).toThrow(/training.clip: it clips the binary/);
    expect(start({ ...parity, training: { loss: "nats-per-class" } })).toThrow(/training.loss: nats-per-class divides/);
  });

  it("computes in the precision of the Plan", () => {
    for (const precision of ["float32", "float64"]) {
      const run = train(plan({ ...modular, training: { ...modular.training, precision } }));
      const first = run.next();
      if (first.done) throw new Error("no evaluation");
      const weights = read(first.value.params["embed.W_E"]);
      expect(weights.constructor.name).toBe(precision === "float32" ? "Float32Array" : "Float64Array");
      run.return(undefined as never);
    }
  });
});
