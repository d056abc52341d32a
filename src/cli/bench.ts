import { matmul, scope, tensor, type DType } from "../tensor/index.ts";
import { stream } from "../rng.ts";
import type { Experiment } from "../train/experiment.ts";
import { plan } from "../train/plan.ts";
import { train } from "../train/train.ts";

/** One workload: training steps, or products of matrices. */
export interface Work {
  readonly name: string;
  readonly dtype: DType;
  readonly unit: "steps/s" | "GFLOP/s";
  /** Measures once: so many units a second, for each of `blocks` stretches. */
  readonly measure: (options: BenchOptions) => readonly number[];
}

export interface BenchOptions {
  /** Stretches that are measured; the median of them is reported. */
  readonly blocks: number;
  /** Steps of one stretch. */
  readonly steps: number;
  /** Seconds of a clock that only goes forward. */
  readonly now: () => number;
}

/** Updates before the clock starts, so that the engine has compiled what it will compile. */
const warmUp = 1000;

const parity: Experiment = {
  task: { name: "sparse-parity", n: 30, k: 3, trainSize: 1000, testSize: 1000 },
  model: { name: "bit-mlp", dMlp: 128 },
  optimizer: { name: "adamw", learningRate: 3e-3, beta1: 0.99, beta2: 0.98, weightDecay: 0.1 },
};
const main: Experiment = {
  task: { name: "modular-addition", p: 67, pairs: "unordered" },
  split: { trainFraction: 0.4, stream: "numpy" },
  model: { name: "factored", dModel: 500, dMlp: 24, embed: "tied", init: "haiku" },
  optimizer: { name: "adamw", learningRate: 1e-3, beta1: 0.9, beta2: 0.98, weightDecay: 1 },
  training: { loss: "nats-per-class" },
  seed: 165,
};

const questions: Experiment = {
  task: { name: "question-formation", trainSize: 2000, validationSize: 10, generalizationSize: 10 },
  model: { name: "transformer", dModel: 128, nLayers: 4, nHeads: 4, mlpRatio: 1 },
  optimizer: { name: "adamw", learningRate: 1e-3, beta2: 0.999, eps: 1e-7, weightDecay: 0, warmupSteps: 666 },
  training: { batchSize: 8 },
};
/** A step of a language model takes fifty times as long as the others, so a fiftieth of them is measured. */
const heavy = 50;

/** The work that `bench/peers/` does in other frameworks: an update without evaluation, on one thread. */
export const works: readonly Work[] = [
  training("sparse parity, 1,000 x 30 -> 128 -> 1", parity, "float32"),
  training("sparse parity, 1,000 x 30 -> 128 -> 1", parity, "float64"),
  training("main run, 911 pairs mod 67, 500 x 24", main, "float32"),
  training("main run, 911 pairs mod 67, 500 x 24", main, "float64"),
  training("question formation, 8 sentences, 128 x 4 layers", questions, "float32", heavy),
  product(512, "float32"),
  product(512, "float64"),
];

/** @param weight one step of it counts for so many of those asked for */
function training(name: string, experiment: Experiment, dtype: DType, weight = 1): Work {
  return {
    name,
    dtype,
    unit: "steps/s",
    measure: ({ blocks, steps: asked, now }) => {
      const steps = Math.ceil(asked / weight);
      const before = Math.ceil(warmUp / weight);
      const total = before + blocks * steps;
      const quiet = { steps: total + 1, precision: dtype, evalEvery: total + 2, checkpointEvery: 0 };
      const made = plan({ ...experiment, training: { ...experiment.training, ...quiet } });
      // Asked before each update: from one question to the next passes exactly one update.
      const marks: number[] = [];
      let done = 0;
      const interrupt = () => {
        if (done >= before && (done - before) % steps === 0) marks.push(now());
        return done++ >= total;
      };
      const run = train(made, { interrupt });
      while (!run.next().done);
      return marks.slice(1).map((mark, i) => steps / (mark - marks[i]));
    },
  };
}

function product(n: number, dtype: DType): Work {
  return {
    name: `product of two ${n} x ${n} matrices`,
    dtype,
    unit: "GFLOP/s",
    measure: ({ blocks, now }) => {
      const numbers = (name: string) => {
        const source = stream(0, name);
        return Float64Array.from({ length: n * n }, () => source.normal());
      };
      return scope(() => {
        const a = tensor(numbers("a"), [n, n], dtype); // [n, n]
        const b = tensor(numbers("b"), [n, n], dtype); // [n, n]
        const multiply = () => scope(() => void matmul(a, b));
        multiply();
        const began = now();
        multiply();
        // About a tenth of a second for each stretch.
        const repeats = Math.max(1, Math.round(0.1 / Math.max(1e-6, now() - began)));
        return Array.from({ length: blocks }, () => {
          const start = now();
          for (let i = 0; i < repeats; i++) multiply();
          return (2 * n ** 3 * repeats) / (now() - start) / 1e9;
        });
      });
    },
  };
}
