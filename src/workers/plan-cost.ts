import { dispose } from "../tensor/index.ts";
import type { Plan } from "../train/experiment.ts";
import { definitions } from "../train/plan.ts";
import { setUp } from "../train/setup.ts";
import { costClass, schedule } from "./trial.ts";

/**
 * What a run costs beside others, about, in multiply-adds: parameters times the rows that pass through them, three times
 * for an update (forward, and backward to weights and to activations), once for an evaluation. A function of the Plan alone, counted and not
 * measured: whoever computes it, wherever, finds the same. A Plan that cannot be trained costs nothing.
 */
export function planCost(plan: Plan): number {
  try {
    const { parameters, updateRows, evaluationRows } = sizesOf(plan);
    const steps = plan.training["steps"] as number;
    return parameters * (3 * steps * updateRows + schedule(plan).evaluations * evaluationRows);
  } catch {
    return 0;
  }
}

interface Sizes {
  readonly parameters: number;
  readonly updateRows: number;
  readonly evaluationRows: number;
}

/** Tokens of a sentence, about: a language takes seconds to build, and its sentences cost the same in every run. */
const tokensPerSequence = 12;

function sizesOf(plan: Plan): Sizes {
  const { task } = definitions(plan);
  if (task.inputs === "sequences") {
    const { dModel, nLayers, mlpRatio } = plan.model as unknown as Record<string, number>;
    const { batchSize, evalSequences } = plan.training as unknown as Record<string, number>;
    // Queries, keys, values and output, and the two matrices of the feed-forward layer; the embedding is looked up.
    const parameters = nLayers * dModel ** 2 * (4 + 2 * mlpRatio);
    // All sequences of both sets, where none are chosen: a few thousand.
    const evaluated = 2 * (evalSequences === 0 ? 5000 : evalSequences);
    return { parameters, updateRows: batchSize * tokensPerSequence, evaluationRows: evaluated * tokensPerSequence };
  }
  const setup = setUp({ ...plan, seed: 0 });
  const params = setup.init();
  const parameters = Object.values(params).reduce((sum, { shape }) => sum + shape.reduce((n, size) => n * size, 1), 0);
  dispose(params);
  const { train, test } = setup.split;
  const { batchSize } = setup.training;
  const updateRows = batchSize === 0 ? train.length : Math.min(batchSize, train.length);
  return { parameters, updateRows, evaluationRows: train.length + test.length };
}

/** The same for many Plans: those that differ only in the seed or in numbers of the optimizer are counted once. */
export function planCosts(): (plan: Plan) => number {
  const known = new Map<string, number>();
  return (plan) => {
    const kind = costClass(plan);
    const cost = known.get(kind) ?? planCost(plan);
    known.set(kind, cost);
    return cost;
  };
}
