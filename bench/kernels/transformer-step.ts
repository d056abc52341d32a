// A training step of language models over sequences as long as those of question formation (11 to 35 words, 22.4 on
// average, 71 rows in the vocabulary), eight to a batch: node dist/bench/kernels/transformer-step.js [small|middle|large] [BIAS]
// BIAS is given to every hidden unit: -.75 leaves a fifth of them on before dropout, as in a network that has learned for a
// while, where 0 leaves half.
import { languageTrainer } from "../../src/train/language.ts";
import { plan } from "../../src/train/plan.ts";
import { sequenceTrainingFields } from "../../src/train/fields.ts";
import { transformerFields } from "../../src/models/transformer-options.ts";
import { resolve } from "../../src/options.ts";
import { random } from "../../src/rng.ts";
import { sequenceInputs, sequencesOf, type Probes, type Task } from "../../src/tasks/index.ts";
import { memoryInUse, view } from "../../src/tensor/index.ts";
import { setUp } from "../../src/train/setup.ts";
import { report, time } from "../harness.ts";

const sizes: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  small: { dModel: 128, nLayers: 4, nHeads: 4, mlpRatio: 1 },
  middle: { dModel: 256, nLayers: 6, nHeads: 8, mlpRatio: 4 },
  large: { dModel: 512, nLayers: 6, nHeads: 8, mlpRatio: 4 },
};

function sentences(): Task {
  const draw = random(1).stream("task");
  const line = () => Array.from({ length: 11 + draw.int(12) + draw.int(13) }, () => 1 + draw.int(68));
  const sequences = sequencesOf(Array.from({ length: 4000 }, line));
  const one = Int32Array.of(0);
  const probes: Probes = { kind: "nextToken", sequence: one, position: one, choices: sequencesOf([[1]]), answers: one };
  const set = { sequences, probes };
  const words = Array.from({ length: 69 }, (_, i) => `w${i}`);
  const inputs = sequenceInputs({ words, train: sequences, validation: set, generalization: set });
  return { name: "sentences", n: 4000, inputs, labels: new Int32Array(0), numClasses: 71, chance: 1 };
}

const asked = process.argv[2];
const bias = Number(process.argv[3] ?? 0);
for (const [name, size] of Object.entries(sizes)) {
  if (asked !== undefined && asked !== name) continue;
  const base = plan({ task: { name: "modular-addition" }, model: { name: "factored" }, optimizer: { name: "adamw" } });
  const model = { name: "transformer", ...resolve(transformerFields, size, "model") };
  const training = resolve(sequenceTrainingFields, {}, "training");
  const setup = setUp({ ...base, model, training }, sentences());
  const trainer = languageTrainer(setup, 0);
  const params = trainer.init();
  for (const [name, t] of Object.entries(params)) if (name.endsWith("mlp.b_in")) view(t).fill(bias);
  const state = trainer.initState(params);
  let step = 0;
  report(`${name} ${JSON.stringify(size)}, bias ${bias}`, time(() => void trainer.update(params, state, step++))); // prettier-ignore
  const { bytes, reservedBytes } = memoryInUse();
  const megabytes = (n: number): string => `${(n / 2 ** 20).toFixed(0)} MiB`;
  console.log(`  ${megabytes(bytes)} of parameters and state, ${megabytes(reservedBytes)} of memory, process ${megabytes(process.memoryUsage().rss)}`); // prettier-ignore
  for (const t of [...Object.values(params), ...Object.values(state)]) t.dispose();
}
