import { describe, expect, it } from "vitest";
import { copies } from "../../test/planted/copies.ts";
import {
  countOf,
  sequenceAt,
  sequencesOf,
  type DecodeProbes,
  type ScoredSet,
  type SequenceInputs,
} from "../tasks/index.ts";
import { crossEntropy, exportArrays, importArrays, memoryInUse, scalarValue, scope } from "../tensor/index.ts";
import { weightsHash } from "../tensor/formats/weights-hash.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Eval } from "./eval.ts";
import type { Experiment, Plan } from "./experiment.ts";
import { sequenceTrainingFields } from "./fields.ts";
import { fingerprint, readerOf } from "./language.ts";
import { answerProbes, isRight } from "./probes.ts";
import { sampleOf, scoreSet } from "./scored-set.ts";
import { packSequences, targetsOf } from "./sequence-batch.ts";
import { setUp } from "./setup.ts";
import { plan } from "./plan.ts";
import { train, type TrainOptions } from "./train.ts";
import { resolve } from "../options.ts";

const experiment: Experiment = {
  task: { name: "modular-addition" },
  model: { name: "factored" },
  optimizer: { name: "adamw", learningRate: 3e-3, beta2: 0.999, weightDecay: 0, warmupSteps: 5 },
  seed: 4,
};
const training = { steps: 24, batchSize: 4, evalEvery: 6, checkpointEvery: 12, evalSequences: 0 };

/** A Plan of a small transformer on the planted language, which is no registered task. */
function planOf(more: Readonly<Record<string, string | number | boolean>> = {}): Plan {
  const { optimizer, seed } = plan(experiment);
  const model = { dModel: 16, nHeads: 2, nLayers: 2, mlpRatio: 2, norm: "post", positions: "sinusoid", nCtx: 0 };
  return {
    task: { name: "modular-addition" },
    split: {},
    model: { name: "transformer", ...model, embedScale: "root-width", tied: false, dropout: 0.1 },
    optimizer,
    training: { ...resolve(sequenceTrainingFields, training, "training"), ...more },
    seed,
  };
}

function complete(made: Plan, options: TrainOptions = {}) {
  const evals: Eval[] = [];
  const checkpoints: Checkpoint[] = [];
  const run = train(made, { task: copies(), ...options });
  for (;;) {
    const next = run.next();
    if (next.done) return { evals, checkpoints, outcome: next.value, hash: weightsHash(next.value.checkpoint.params) };
    const { step, train: known, test, normL1, normL2, measures, checkpointDue, snapshot } = next.value;
    evals.push({ step, train: known, test, normL1, normL2, measures: measures! });
    if (checkpointDue) checkpoints.push(snapshot());
  }
}

describe("train: a language model", () => {
  const whole = complete(planOf());

  it("evaluates on schedule, with every measure", () => {
    expect(whole.evals.map(({ step }) => step)).toEqual([0, 6, 12, 18, 24]);
    expect(whole.outcome.status).toBe("finished");
    const names = ["train", "test"].flatMap((half) => [
      ...["copy", "first"].map((group) => `${half}.accuracy.${group}`),
      `${half}.rule.last`,
    ]);
    expect(Object.keys(whole.evals[0].measures!)).toEqual(names);
    expect(Object.keys(whole.evals[1].measures!)).toEqual(["batchLoss", "gradientNorm", ...names]);
  });

  it("begins near the loss of a guess, and lowers it", () => {
    expect(Math.abs(whole.evals[0].train.loss - Math.log(8))).toBeLessThan(1);
    expect(whole.evals.at(-1)!.train.loss).toBeLessThan(0.8 * whole.evals[0].train.loss);
  });

  it("gives the same bits twice, and others from another seed", () => {
    const again = complete(planOf());
    expect(again.hash).toBe(whole.hash);
    expect(again.evals).toEqual(whole.evals);
    expect(complete({ ...planOf(), seed: 5 }).hash).not.toBe(whole.hash);
  });

  it("gives the same bits and measures when it goes on from a checkpoint", () => {
    const rest = complete(planOf(), { from: whole.checkpoints[1] });
    expect(rest.hash).toBe(whole.hash);
    expect(rest.evals).toEqual(whole.evals.slice(2));
    expect(weightsHash(rest.outcome.checkpoint.state)).toBe(weightsHash(whole.outcome.checkpoint.state));
  });

  it("can be interrupted at any step, and goes on to the same bits and measures", () => {
    let asked = 0;
    const first = complete(planOf(), { interrupt: () => ++asked > 8 });
    expect(first.outcome).toMatchObject({ status: "interrupted", step: 8 });
    const rest = complete(planOf(), { from: first.outcome.checkpoint });
    expect(rest.hash).toBe(whole.hash);
    expect(rest.evals).toEqual(whole.evals.slice(2));
  });

  it("looks without touching: the schedule and extent of evaluations do not change the weights", () => {
    expect(complete(planOf({ evalEvery: 1, evalSequences: 3 })).hash).toBe(whole.hash);
  });

  it("gives its memory back", () => {
    const before = memoryInUse().bytes;
    complete(planOf());
    complete(planOf(), { task: copies({ kind: "decode" }) });
    expect(memoryInUse().bytes).toBe(before);
  });

  it("clips the gradient: the norm that is told is the one before", () => {
    const gentle = complete(planOf({ clipNorm: 1e-3 }));
    const first = (evals: readonly Eval[]) => evals[1].measures!["gradientNorm"];
    expect(first(gentle.evals)).toBeGreaterThan(0.1);
    expect(complete(planOf({ clipNorm: 0 })).hash).not.toBe(gentle.hash);
  });

  it("refuses a checkpoint of other data or of another network, and says which", () => {
    const from = whole.checkpoints[1];
    expect(() => complete(planOf(), { from, task: copies({ seed: 1 }) })).toThrow(/not those that this run began with/);
    const task = copies();
    const inputs = task.inputs as SequenceInputs;
    const { sequences } = inputs.generalization;
    const tokens = sequences.tokens.slice();
    tokens[0] = tokens[0] === 1 ? 2 : 1;
    const changed = { ...inputs, generalization: { ...inputs.generalization, sequences: { ...sequences, tokens } } };
    expect(() => complete(planOf(), { from, task: { ...task, inputs: changed } })).toThrow(
      "the validation or generalization sequences are not those that this run began with",
    );
    // A checkpoint of a version that did not keep them is continued.
    const recent = from.state["training.recent"];
    const older = { ...from, state: { ...from.state, "training.recent": { shape: [4], data: recent.data.slice(0, 4) } } }; // prettier-ignore
    expect(complete(planOf(), { from: older }).hash).toBe(whole.hash);
    const wider = planOf();
    const other: Plan = { ...wider, model: { ...wider.model, dModel: 24 } };
    expect(() => complete(other, { from })).toThrow(
      /of another network: embed.W_E is \[8, 16\], this Plan has \[8, 24\]/,
    );
    const deeper: Plan = { ...wider, model: { ...wider.model, nLayers: 3 } };
    expect(() => complete(deeper, { from })).toThrow(/blocks.2.attn.W_Q is missing/);
    const shallower: Plan = { ...wider, model: { ...wider.model, nLayers: 1 } };
    expect(() => complete(shallower, { from })).toThrow(/holds blocks.1.attn.W_Q, which this Plan has not/);
  });
});

describe("scoreSet", () => {
  const task = copies({ n: 30 });
  const inputs = task.inputs as SequenceInputs;
  const setup = setUp(planOf(), task);

  it("is what reading one sequence after another gives", () => {
    const params = setup.init();
    scope(() => {
      const reader = readerOf(setup, params);
      const set = inputs.generalization;
      const all = sampleOf(set, 0, 1, "x");
      const { score, measures } = scoreSet(reader, inputs, set, all, "test");
      let [loss, rows, right, last] = [0, 0, 0, 0];
      const { probes, sequences } = set;
      if (probes.kind !== "nextToken") throw new Error("probes of the next token expected");
      for (let i = 0; i < countOf(sequences); i++) {
        const targets = targetsOf(sequences, Int32Array.of(i), inputs);
        const batch = packSequences(sequences, Int32Array.of(i), inputs.sos);
        loss += scalarValue(crossEntropy(reader.apply(params, batch), targets)) * targets.length;
        rows += targets.length;
        const [answer] = answerProbes(reader, { sequences, probes }, Int32Array.of(i), inputs);
        right += Number(answer === probes.answers[i]);
        last += Number(answer === probes.rules![0].answers[i]);
      }
      expect(score.loss).toBeCloseTo(loss / rows, 5);
      expect(score.accuracy).toBe(right / 30);
      expect(measures["test.rule.last"]).toBe(last / 30);
      const { of } = probes.groups!;
      const share = of.filter((group) => group === 0).length / 30;
      const both = share * measures["test.accuracy.copy"] + (1 - share) * measures["test.accuracy.first"];
      expect(both).toBeCloseTo(score.accuracy, 12);
    });
    for (const t of Object.values(params)) t.dispose();
  });

  it("takes a sample that is fixed, and as large as asked", () => {
    const set = inputs.generalization;
    const some = sampleOf(set, 7, 3, "x");
    expect(some.loss).toHaveLength(7);
    expect([...some.probes]).toEqual([...some.loss]); // one probe to a sequence
    expect(sampleOf(set, 7, 3, "x")).toEqual(some);
    expect(sampleOf(set, 7, 4, "x")).not.toEqual(some);
    expect([...sampleOf(set, 12, 3, "x").loss]).toEqual(expect.arrayContaining([...some.loss]));
    expect(sampleOf(set, 0, 3, "x").loss).toHaveLength(30);
  });
});

describe("isRight", () => {
  const probes: DecodeProbes = {
    ...{ kind: "decode", sequence: Int32Array.of(0), position: Int32Array.of(2), maxTokens: 9, ignoredEnd: 6 },
    classes: Int32Array.of(-1, 0, 0, 1, 1, 2, 3),
    exact: sequencesOf([[1]]),
  };
  const set: ScoredSet & { probes: DecodeProbes } = { sequences: sequencesOf([[1, 5, 1, 3, 5, 6]]), probes };
  const right = (...written: number[]) => isRight(set, 0, Int32Array.from(written));

  it("wants every class, the exact tokens, and the length, whether or not the end is there", () => {
    expect(sequenceAt(set.sequences, 0).subarray(2)).toEqual(Int32Array.of(1, 3, 5, 6));
    expect(right(1, 3, 5, 6)).toBe(true);
    expect(right(2, 3, 5)).toBe(true); // another token of the class
    expect(right(1, 4, 5, 6)).toBe(false); // not at an exact place
    expect(right(1, 3, 5, 5)).toBe(false);
    expect(right(1, 3)).toBe(false);
    expect(right(3, 3, 5)).toBe(false); // another class
    expect(right(0, 3, 5)).toBe(false); // no class at all
    expect(right()).toBe(false);
  });
});

describe("fingerprint", () => {
  it("tells sequences apart, and how they are cut", () => {
    const prints = [
      [[1, 2], [3]],
      [[1], [2, 3]],
      [[1, 2], [4]],
      [[2, 1], [3]],
    ].map((lists) =>
      // prettier-ignore
      fingerprint(sequencesOf(lists)),
    );
    expect(new Set(prints).size).toBe(4);
    expect(prints.every(Number.isSafeInteger)).toBe(true);
  });
});

it("weights go through a checkpoint to the bit", () => {
  const setup = setUp(planOf(), copies());
  const params = setup.init();
  const arrays = exportArrays(params);
  const again = importArrays(arrays);
  expect(weightsHash(exportArrays(again))).toBe(weightsHash(arrays));
  for (const t of [...Object.values(params), ...Object.values(again)]) t.dispose();
});
