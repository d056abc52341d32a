import { defineAnalysis } from "./analysis.ts";
import { chartField, chartFor } from "./chart-choice.ts";
import { inChart } from "./charts.ts";
import { circuitFields, circuitOf, type Circuit } from "./circuit.ts";
import { mean } from "./concentration.ts";
import { dft, highestFrequency, waveOf, wrap, writeWave } from "./fourier.ts";
import { zeros } from "./matrix.ts";
import type { Matrix, Network } from "./network.ts";
import { rebuild } from "./rebuild.ts";
import { scoresOf, type BothScores } from "./score.ts";

/** What stands beside its frequency k in the input weights of a neuron: a constant, and a wave of frequency 2k. */
export interface HarmonicRows {
  readonly frequencies: readonly {
    readonly frequency: number;
    /** Mean over the neurons of constant / amplitude. */
    readonly constant: number;
    /** Mean over the neurons of the amplitude of 2k / amplitude of k. */
    readonly second: number;
    /** Mean cosine of (phase at 2k - twice the phase at k): -1 where the second wave has its trough at the crest. */
    readonly alignment: number;
  }[];
  /** The network rebuilt from its waves alone, and with constants and second waves added. */
  readonly waves: BothScores;
  readonly withHarmonics: BothScores;
}

/** The wave of frequency 2k, by its name in 1 … ⌊p/2⌋, and whether its phase is turned around by that name. */
function doubled(k: number, p: number): { readonly frequency: number; readonly sign: 1 | -1 } {
  return 2 * k <= highestFrequency(p) ? { frequency: 2 * k, sign: 1 } : { frequency: p - 2 * k, sign: -1 };
}

/** The rebuilt network with each neuron's constant and second harmonic added to its input weights. */
export function rebuildWithHarmonics(network: Network, circuit: Circuit): Network {
  const plain = rebuild(network, circuit);
  const inputs = network.inputs.map((matrix, operand) => {
    const spectrum = dft(matrix);
    const { rows: p, cols: n, data } = plain.inputs[operand];
    const added = zeros(p, n);
    circuit.groups
      .flatMap(({ neurons }) => neurons)
      .forEach(({ index, frequency }, j) => {
        const second = doubled(frequency, p).frequency;
        const column = new Float64Array(p);
        if (second > 0) writeWave(waveOf(spectrum, second, index), second, p, column, 0, 1);
        const constant = spectrum.data[index] / Math.sqrt(p);
        column.forEach((x, i) => (added.data[i * n + j] = data[i * n + j] + x + constant));
      });
    return added;
  });
  return { ...plain, inputs: inputs as unknown as readonly [Matrix, Matrix] };
}

/**
 * The correction that trained networks add to the ideal circle. Two waves alone give cos θ_a + cos θ_b =
 * 2 cos((θ_a - θ_b)/2) cos((θ_a + θ_b)/2), which vanishes for numbers half a turn apart: there the circle is silent. A
 * constant and a second wave in antiphase, A (cos θ + c_0 - c_2 cos 2θ), leave 2A (c_0 + c_2 cos(θ_a + θ_b)) in that
 * place, which again knows the sum. With neurons in groups of even spacing the logits become nearly as high for these
 * pairs as for any other.
 *
 * Planted: pure waves have constant = second = 0 and score the same with and without; added harmonics come back.
 */
export const harmonics = defineAnalysis({
  name: "harmonics",
  summary: "The constant and the second wave beside each neuron's frequency, and what they are worth.",
  source:
    "groklab, see docs/LOG.md; the same silence at half a turn in transformers: Zhong et al. 2023 (accompanied pizza)",
  needs: "network",
  fields: { ...circuitFields, chart: chartField },
  run: (network, { fitShare, chart: name }): HarmonicRows => {
    const chart = chartFor(network, name);
    const read = inChart(network, chart);
    return harmonicsOf(read, circuitOf(read, chart, fitShare));
  },
});

/** @param waves how the network rebuilt from its waves does, where that is known already */
export function harmonicsOf(network: Network, circuit: Circuit, waves?: BothScores): HarmonicRows {
  const spectrum = dft(network.inputs[0]);
  const { order: p } = circuit;
  return {
    frequencies: circuit.groups.map(({ frequency, neurons }) => {
      const { frequency: second, sign } = doubled(frequency, p);
      const parts = neurons.map(({ index, a }) => ({ a, wave: waveOf(spectrum, second, index), constant: spectrum.data[index] / Math.sqrt(p) })); // prettier-ignore
      return {
        frequency,
        constant: mean(parts.map(({ a, constant }) => constant / a.amplitude)),
        second: second === 0 ? 0 : mean(parts.map(({ a, wave }) => wave.amplitude / a.amplitude)),
        alignment: second === 0 ? 0 : mean(parts.map(({ a, wave }) => Math.cos(wrap(sign * wave.phase - 2 * a.phase)))),
      };
    }),
    waves: waves ?? scoresOf(rebuild(network, circuit)),
    withHarmonics: scoresOf(rebuildWithHarmonics(network, circuit)),
  };
}
