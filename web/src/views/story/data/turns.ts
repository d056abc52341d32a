import type { Eval } from "../../../../../src/train/eval.ts";

interface Place {
  readonly step: number;
  readonly loss: number;
}

/**
 * Where a test loss turns: the pair of a low and a later high with the largest ratio, and the last value.
 * Undefined without evaluations.
 */
export function turns(
  evals: readonly Eval[],
): { readonly low: Place; readonly high: Place; readonly final: Place } | undefined {
  const last = evals.at(-1);
  if (!last) return undefined;
  const place = (e: Eval): Place => ({ step: e.step, loss: e.test.loss });
  let low = evals[0];
  let best = { low, high: low };
  for (const e of evals) {
    if (e.test.loss < low.test.loss) low = e;
    if (e.test.loss / low.test.loss > best.high.test.loss / best.low.test.loss) best = { low, high: e };
  }
  return { low: place(best.low), high: place(best.high), final: place(last) };
}
