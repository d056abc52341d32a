import { untapped } from "../models/index.ts";
import { UsageError } from "../options.ts";
import type { SequenceInputs, Sequences } from "../tasks/index.ts";
import {
  clipGlobalNorm,
  crossEntropy,
  l2Norm,
  scalarValue,
  scope,
  tensor,
  valueAndGrad,
  view,
} from "../tensor/index.ts";
import type { Params } from "../tensor/index.ts";
import { batchOrder } from "./batches.ts";
import type { SequenceTrainingOptions } from "./fields.ts";
import { without } from "./labelled.ts";
import type { Reader } from "./probes.ts";
import { sampleOf, scoreSet } from "./scored-set.ts";
import { packSequences, targetsOf } from "./sequence-batch.ts";
import type { Setup } from "./setup.ts";
import type { Trainer } from "./trainer.ts";

/**
 * What an update leaves for the next evaluation, and what its data were: `[5]` in float64, beside the optimizer's state.
 * Checkpoints of older versions end before the sets that are scored.
 */
const recent = "training.recent";
const UPDATES = 0;
const LOSSES = 1;
const NORMS = 2;
const DATA = 3;
const SCORED = 4;

/**
 * Training of a language model: mean cross-entropy per token over a batch of sequences, EOS included; the gradient
 * clipped by its norm; accuracy by the probes of the task. The measures `batchLoss` and `gradientNorm` are means over the
 * updates since the last evaluation: the loss with dropout, the norm before clipping.
 */
export function languageTrainer(setup: Setup, seed: number): Trainer {
  const inputs = setup.task.inputs as SequenceInputs;
  const training = setup.training as unknown as SequenceTrainingOptions;
  const order = batchOrder(setup.split.train, training.batchSize, seed);
  const data = fingerprint(inputs.train);
  const scored = fingerprint(inputs.validation.sequences, inputs.generalization.sequences);
  const sets = { train: inputs.validation, test: inputs.generalization };
  const limit = training.evalSequences;
  const samples = {
    train: sampleOf(sets.train, limit, seed, "validation"),
    test: sampleOf(sets.test, limit, seed, "generalization"),
  };
  const trained = (params: Params): Params => without(params, setup.frozen);
  let evaluated = false; // since the last update

  return {
    init: () => setup.init(),
    initState: (params) => ({
      ...setup.initOptimizer(trained(params)),
      [recent]: tensor([0, 0, 0, data, scored], [5], "float64"),
    }),
    update: (params, state, step) =>
      scope(() => {
        const chosen = order(step);
        const batch = packSequences(inputs.train, chosen, inputs.sos, { dropout: { seed, step } });
        const targets = targetsOf(inputs.train, chosen, inputs);
        const { value, grads } = valueAndGrad((p) => crossEntropy(setup.apply(p, batch, untapped), targets), params, {
          except: setup.frozen,
        });
        const norm = training.clipNorm > 0 ? clipGlobalNorm(grads, training.clipNorm) : l2Norm(grads);
        setup.update(grads, state, params, step + 1);
        const loss = scalarValue(value);
        const sums = view(state[recent]);
        if (evaluated) sums.fill(0, UPDATES, DATA);
        evaluated = false;
        sums[UPDATES]++;
        sums[LOSSES] += loss;
        sums[NORMS] += norm;
        return loss;
      }),
    evaluate(params, state) {
      evaluated = true;
      const reader = readerOf(setup, params);
      const train = scoreSet(reader, inputs, sets.train, samples.train, "train");
      const test = scoreSet(reader, inputs, sets.test, samples.test, "test");
      const [updates, losses, norms] = view(state[recent]);
      const since = updates > 0 ? { batchLoss: losses / updates, gradientNorm: norms / updates } : {};
      return { train: train.score, test: test.score, measures: { ...since, ...train.measures, ...test.measures } };
    },
    trained,
    check(params, state) {
      checkWeights(setup, params);
      const kept = recent in state ? view(state[recent]) : [];
      const changed = kept[DATA] !== data ? "training" : kept.length > SCORED && kept[SCORED] !== scored ? "validation or generalization" : ""; // prettier-ignore
      if (changed !== "")
        throw new UsageError(
          `the ${changed} sequences are not those that this run began with; restore them, or begin another run`,
        );
    },
    dispose: () => undefined,
  };
}

/** The network of a setup, for probes. */
export const readerOf = (setup: Setup, params: Params): Reader => ({
  params,
  apply: (p, batch) => setup.apply(p, batch, untapped),
  generate: (p, batch, until) => setup.generate(p, batch, until),
});

/** Names and shapes must be those that this Plan's network begins with. @throws UsageError that names the difference */
export function checkWeights(setup: Setup, params: Params): void {
  const expected = setup.shapes?.();
  if (!expected) return;
  for (const [name, shape] of expected) {
    const found = params[name]?.shape;
    if (found?.join() !== shape.join())
      throw new UsageError(
        `the checkpoint is of another network: ${name} is ${found ? `[${found.join(", ")}]` : "missing"}, ` +
          `this Plan has [${shape.join(", ")}]`,
      );
  }
  const other = Object.keys(params).find((name) => !expected.has(name));
  if (other !== undefined)
    throw new UsageError(`the checkpoint is of another network: it holds ${other}, which this Plan has not`);
}

/** A number that other sequences hardly share (FNV-1a, twice, 52 bits): a run must go on with the data it began with. */
export function fingerprint(...sets: readonly Sequences[]): number {
  let [a, b] = [0x811c9dc5, 0x01000193];
  for (const list of sets.flatMap(({ tokens, offsets }) => [tokens, offsets])) {
    for (const value of list) {
      a = Math.imul(a ^ value, 0x01000193);
      b = Math.imul(b ^ (value + 0x9e37), 0x85ebca6b);
    }
  }
  return (a >>> 6) * 2 ** 26 + (b >>> 6);
}
