import { cos, exp, log, read, scope, sin, tanh, tensor, type DType, type Tensor } from "../../src/tensor/index.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/tensor/formats/safetensors.ts";
import { weightsHash } from "../../src/tensor/formats/weights-hash.ts";
import type { Checkpoint } from "../../src/train/checkpoint.ts";
import type { Experiment } from "../../src/train/experiment.ts";
import { plan } from "../../src/train/plan.ts";
import { train, type Moment, type Outcome } from "../../src/train/train.ts";
import { cases } from "./cases.ts";

/** What one engine computed: for each case its evaluations and last the hash of its weights, each as exact text. */
export type Report = Readonly<Record<string, readonly string[]>>;

/** Everything that must be the same bits in every engine and on every thread. */
export function report(): Report {
  const runs = Object.entries(cases).map(([name, experiment]) => [name, run(experiment)] as const);
  return { functions: functions(), ...Object.fromEntries(runs) };
}

/** A run from its first step to its last. */
export function run(experiment: Experiment): readonly string[] {
  return rest(train(plan(experiment)));
}

/** The same run, broken off at the evaluation of this step, stored, loaded and continued. */
export function resumed(experiment: Experiment, step: number): readonly string[] {
  const lines: string[] = [];
  let stored: Checkpoint | undefined;
  for (const moment of train(plan(experiment))) {
    if (moment.step === step) {
      stored = throughFiles(moment.snapshot());
      break;
    }
    lines.push(line(moment));
  }
  if (!stored) throw new Error(`resumed: there is no evaluation at step ${step}`);
  return [...lines, ...rest(train(plan(experiment), { from: stored }))];
}

function rest(training: Generator<Moment, Outcome>): readonly string[] {
  const lines: string[] = [];
  for (;;) {
    const { value, done } = training.next();
    if (done) return [...lines, `${value.status} at ${value.step}: ${weightsHash(value.checkpoint.params)}`];
    lines.push(line(value));
  }
}

/** A number's shortest decimal text gives back the same bits: equal lines are equal numbers. */
function line({ step, train, test, normL1, normL2, measures = {} }: Moment): string {
  const numbers = [step, train.loss, train.accuracy, test.loss, test.accuracy, normL1, normL2];
  return [...numbers, ...Object.entries(measures).flat()].join(" ");
}

function throughFiles({ step, params, state }: Checkpoint): Checkpoint {
  const again = (arrays: Checkpoint["params"]) => decodeSafetensors(encodeSafetensors(arrays)).arrays;
  return { step, params: again(params), state: again(state) };
}

/** The engine's own functions, where JavaScript's differ between engines: a hash of each over a grid of values. */
function functions(): readonly string[] {
  const points = 4001;
  const grid = (from: number, to: number) =>
    Array.from({ length: points }, (_, i) => from + ((to - from) * i) / points);
  const wide = grid(-120, 120);
  const positive = [...grid(1e-300, 1e-290), ...grid(1e-6, 3), ...grid(1, 1e9)];
  const each: readonly [string, (x: Tensor) => Tensor, readonly number[]][] = [
    ["exp", exp, wide],
    ["log", log, positive],
    ["tanh", tanh, grid(-25, 25)],
    ["sin", sin, wide],
    ["cos", cos, wide],
  ];
  return (["float32", "float64"] as const).flatMap((dtype: DType) =>
    each.map(([name, f, values]) => {
      const data = dtype === "float32" ? Float32Array.from(values) : Float64Array.from(values);
      const result = scope(() => read(f(tensor(data, [data.length], dtype))));
      return `${name} ${dtype} ${weightsHash({ result: { shape: [data.length], data: result } })}`;
    }),
  );
}
