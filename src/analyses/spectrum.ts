import { choice } from "../options.ts";
import { defineAnalysis } from "./analysis.ts";
import { chartFor, chartField } from "./chart-choice.ts";
import { inChart, type Chart } from "./charts.ts";
import { gini, mean, participation } from "./concentration.ts";
import { dft, powers } from "./fourier.ts";
import { toRows, transpose } from "./matrix.ts";
import type { Matrix } from "./network.ts";

/** The Fourier spectrum of one collapsed matrix. */
export interface SpectrumRows {
  readonly matrix: "a" | "b" | "output";
  readonly operation: Chart["operation"];
  /** How many numbers the waves run over: p, or p - 1 in a discrete-log chart. */
  readonly order: number;
  /** Signed components, [order][neuron]: row 0 the constant, 2k - 1 the cosine and 2k the sine of frequency k. */
  readonly components: readonly (readonly number[])[];
  /** Share of each frequency 1 … ⌊order/2⌋ in the power of all neurons; the constant is left out. */
  readonly shares: readonly { readonly frequency: number; readonly share: number }[];
  /** Share of the constant in the power of everything. */
  readonly constant: number;
  /** Gini coefficient of the shares. */
  readonly gini: number;
  /** Inverse participation ratio of a neuron's powers, mean over the neurons. */
  readonly participation: number;
}

/** Shares of the frequencies 1 … ⌊p/2⌋ in the power of a matrix whose columns are neurons, and how concentrated it is. */
export function concentrationOf(columns: Matrix) {
  const spectrum = dft(columns);
  const power = powers(spectrum);
  const { rows, cols, data } = power;
  const byFrequency = Array.from({ length: rows }, (_, k) => {
    return data.subarray(k * cols, (k + 1) * cols).reduce((sum, x) => sum + x, 0);
  });
  const waves = byFrequency.slice(1);
  const total = waves.reduce((sum, x) => sum + x, 0);
  const shares = waves.map((x) => (total > 0 ? x / total : 0));
  const perNeuron = Array.from({ length: cols }, (_, j) =>
    participation(Float64Array.from({ length: rows - 1 }, (_, k) => data[(k + 1) * cols + j])),
  );
  return {
    spectrum,
    power,
    shares,
    constant: total + byFrequency[0] > 0 ? byFrequency[0] / (total + byFrequency[0]) : 0,
    gini: gini(shares),
    participation: mean(perNeuron),
  };
}

/**
 * F · W of a collapsed matrix W along its number axis, with F the orthonormal Fourier basis of the chart in which the
 * task is an addition; and the share of each frequency, f_k = P_k / ΣP with P_k = C_k² + S_k².
 *
 * Planted: pure waves have share 1 at their frequency, Gini (n - 1)/n over n = ⌊p/2⌋ frequencies and participation 1;
 * random weights have a Gini near .06 and a participation near 2/n.
 */
export const spectrum = defineAnalysis({
  name: "spectrum",
  summary: "How the weights of each neuron are made of waves over the numbers.",
  source: "Pearce et al. 2023 (DFT of W_input and W_output); Nanda et al. 2023 (power by frequency)",
  needs: "network",
  fields: {
    matrix: choice(["a", "b", "output"], "a", "weights of the first operand, of the second, or of the answers"),
    chart: chartField,
  },
  run: (network, { matrix, chart: name }): SpectrumRows => {
    const chart = chartFor(network, name);
    const { inputs, output } = inChart(network, chart);
    const columns = matrix === "output" ? transpose(output) : inputs[matrix === "a" ? 0 : 1];
    const { spectrum, shares, constant, gini, participation } = concentrationOf(columns);
    return {
      matrix,
      operation: chart.operation,
      order: chart.order,
      components: toRows(spectrum),
      shares: shares.map((share, i) => ({ frequency: i + 1, share })),
      constant,
      gini,
      participation,
    };
  },
});
