import { defineAnalysis } from "./analysis.ts";
import { chartField, chartFor } from "./chart-choice.ts";
import { inChart } from "./charts.ts";
import { circuitFields, circuitOf, type Circuit } from "./circuit.ts";
import { writeWave } from "./fourier.ts";
import { zeros } from "./matrix.ts";
import type { Network } from "./network.ts";
import { compared, scoresOf, type BothScores } from "./score.ts";

/** What is left of a network when it is replaced by the waves that were read off it. */
export interface RebuildRows {
  /** The network itself, on the examples that have coordinates. */
  readonly network: BothScores;
  /** Every weight replaced by its neuron's frequency, amplitude and phase; neurons that do not fit are left out. */
  readonly rebuilt: BothScores;
  /** The same with one amplitude for each frequency and the output phase set to the sum of the input phases. */
  readonly ideal: BothScores;
  /** Share of examples on which the rebuilt network answers as the network does, right or wrong. */
  readonly agreement: { readonly train: number; readonly test: number };
  readonly neurons: number;
  readonly unfit: number;
}

/** The network that a circuit describes, in the circuit's coordinates, with the examples of `network`. */
export function rebuild(network: Network, circuit: Circuit, kind: "waves" | "ideal" = "waves"): Network {
  const members = circuit.groups.flatMap(({ neurons }) => {
    if (kind === "waves") return neurons;
    const n = neurons.length;
    const input = neurons.reduce((sum, { a, b }) => sum + (a.amplitude + b.amplitude) / 2, 0) / n;
    const out = neurons.reduce((sum, { output }) => sum + output.amplitude, 0) / n;
    return neurons.map((neuron) => ({
      ...neuron,
      a: { ...neuron.a, amplitude: input },
      b: { ...neuron.b, amplitude: input },
      output: { ...neuron.output, amplitude: out, phase: neuron.a.phase + neuron.b.phase },
    }));
  });
  const { order: p } = circuit;
  const n = members.length;
  const [first, second] = [zeros(p, n), zeros(p, n)];
  const output = zeros(n, p);
  members.forEach(({ frequency, a, b, output: out }, j) => {
    writeWave(a, frequency, p, first.data, j, n);
    writeWave(b, frequency, p, second.data, j, n);
    writeWave(out, frequency, p, output.data, j * p, 1);
  });
  return { ...network, p, inputs: [first, second], output };
}

export function rebuildRows(network: Network, circuit: Circuit): RebuildRows {
  const waves = rebuild(network, circuit);
  const { first, second, agreement } = compared(network, waves);
  return {
    network: first,
    rebuilt: second,
    ideal: scoresOf(rebuild(network, circuit, "ideal")),
    agreement,
    neurons: waves.output.rows,
    unfit: circuit.unfit.length,
  };
}

/**
 * The circuit rebuild test: throw the weights away, keep each neuron's frequency, three amplitudes and three phases, and
 * see whether the network made of them still knows the answers. The strongest single evidence that a circuit is what the
 * network computes with, since nothing but the circuit is left.
 *
 * Planted: a network of pure waves agrees with its rebuilt self on every example; the analytic solution for squares
 * scores 1; of a network that memorizes or of random weights nothing fits, and the empty network that is left answers 0.
 */
export const rebuilt = defineAnalysis({
  name: "rebuild",
  summary: "Accuracy of the network made of nothing but the waves that were read off it.",
  source: "spec of the circuit rebuild test after Swaroop 2025",
  needs: "network",
  fields: { ...circuitFields, chart: chartField },
  run: (network, { fitShare, chart: name }): RebuildRows => {
    const chart = chartFor(network, name);
    const read = inChart(network, chart);
    return rebuildRows(read, circuitOf(read, chart, fitShare));
  },
});
