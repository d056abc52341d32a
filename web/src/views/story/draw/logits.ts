import type { Circuit } from "../../../../../src/analyses/circuit.ts";
import { frequencyLogits } from "../../../../../src/figures/frequency-logits.ts";
import { adaptive, emptyFrame } from "../../../../../src/figures/svg/index.ts";
import type { StoryRun } from "../data/story-run.svelte.ts";
import { tables } from "./weights.ts";

/** What the neurons of each frequency say to every answer of one sum, and all neurons together. */
export function perFrequency(
  run: StoryRun,
  circuit: Circuit | undefined,
  { width, a, b }: { readonly width: number; readonly a: number; readonly b: number },
): string {
  const found = tables(run);
  if (!found || !circuit) return emptyFrame("No weights yet", { width, theme: adaptive });
  const { input, output } = found;
  const { rows: p, cols: n } = input;
  const logits = (neurons: readonly number[]): Float64Array => {
    const sum = new Float64Array(p);
    for (const j of neurons) {
      const h = Math.max(0, input.data[a * n + j] + input.data[b * n + j]);
      for (let c = 0; c < p; c++) sum[c] += h * output.data[j * p + c];
    }
    return sum;
  };
  const series = circuit.groups.map(({ frequency, neurons }) => ({
    frequency,
    logits: logits(neurons.map(({ index }) => index)),
  }));
  const all = logits(Array.from({ length: n }, (_, j) => j));
  const rows = { a, b, answer: (a + b) % p, series: [...series, { frequency: "all" as const, logits: all }] };
  return frequencyLogits(rows, { width, theme: adaptive });
}
