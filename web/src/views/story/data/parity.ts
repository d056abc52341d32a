import type { Eval } from "../../../../../src/train/eval.ts";
import type { Matrices } from "./frames.ts";

/** Below this size an input weight does nothing that could be seen: the largest are about 3. */
const silent = 0.02;

/** How many input weights a network over bits uses: on the first three digits, and on the others (not counting the bias). */
export function weightsInUse(
  matrices: Matrices | undefined,
): { readonly that: number; readonly distracting: number; readonly all: number } | undefined {
  const input = matrices?.["mlp.W_in"];
  if (!input) return undefined;
  const { rows, cols, data } = input; // [digits and bias, neurons]
  let [that, distracting] = [0, 0];
  for (let digit = 0; digit < rows - 1; digit++) {
    for (let neuron = 0; neuron < cols; neuron++) {
      if (Math.abs(data[digit * cols + neuron]) <= silent) continue;
      if (digit < 3) that += 1;
      else distracting += 1;
    }
  }
  return { that, distracting, all: (rows - 4) * cols };
}

/** When the weights were largest by their sum, and how large. */
export function normPeak(evals: readonly Eval[]): { readonly step: number; readonly value: number } | undefined {
  const first = evals.at(0);
  if (!first) return undefined;
  const best = evals.reduce((a, e) => (e.normL1 > a.normL1 ? e : a), first);
  return { step: best.step, value: best.normL1 };
}

/**
 * The largest rise of the training loss after the examples were fitted: from its lowest before to its highest after.
 * Undefined where it rises by less than a tenth.
 */
export function lossBump(
  evals: readonly Eval[],
): { readonly low: number; readonly high: number; readonly step: number } | undefined {
  const fitted = evals.findIndex((e) => e.train.accuracy >= 1);
  if (fitted < 0) return undefined;
  let low = evals[fitted].train.loss;
  let best: { low: number; high: number; step: number } | undefined;
  for (const { step, train } of evals.slice(fitted)) {
    low = Math.min(low, train.loss);
    if (train.loss > 1.1 * low && train.loss / low > (best ? best.high / best.low : 1)) {
      best = { low, high: train.loss, step };
    }
  }
  return best;
}
