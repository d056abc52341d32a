import { float } from "../options.ts";
import { defineAnalysis } from "./analysis.ts";
import { chartField, chartFor } from "./chart-choice.ts";
import { inChart, type Chart } from "./charts.ts";
import { dft, highestFrequency, powers, waveOf, wrap, type Wave } from "./fourier.ts";
import { transpose } from "./matrix.ts";
import type { Matrix, Network } from "./network.ts";
import { relationOf, type PhaseRelation } from "./phase-relation.ts";

/** A neuron as the waves that its weights are made of, at the one frequency that is strongest in them. */
export interface Neuron {
  /** Its place in the network. */
  readonly index: number;
  /** 1 … ⌊p/2⌋; 0 for a neuron whose input weights have no waves at all. */
  readonly frequency: number;
  /** Share of that frequency in the power of its input weights, both operands together, the constant left out. */
  readonly share: number;
  /** The same of its output weights, at the same frequency. */
  readonly outputShare: number;
  /** What the first operand adds to it, what the second adds, what it adds to the answers. */
  readonly a: Wave;
  readonly b: Wave;
  readonly output: Wave;
  /** output.phase - a.phase - b.phase, in radians in (-π, π]. */
  readonly defect: number;
  /** Its share in the sum of |input| · |output| over the neurons. */
  readonly weight: number;
  /** Whether both shares reach the threshold. */
  readonly fits: boolean;
}

/** The neurons of one frequency, in order of their input phase. */
export interface FrequencyGroup extends PhaseRelation {
  readonly frequency: number;
  readonly neurons: readonly Neuron[];
  /** Sum of the neurons' weights. */
  readonly weight: number;
}

/** A network read as waves. Frequencies and phases are those of its chart's coordinates. */
export interface Circuit {
  readonly operation: Chart["operation"];
  readonly basis: Chart["basis"];
  readonly generator: number | null;
  /** How many numbers the waves run over. */
  readonly order: number;
  /** Both operands have the same input weights. */
  readonly tied: boolean;
  /** By frequency, ascending. */
  readonly groups: readonly FrequencyGroup[];
  /** Neurons that are no wave of one frequency on both sides. */
  readonly unfit: readonly Neuron[];
  /** Every neuron by frequency and input phase, those that do not fit last: the order of sorted pictures. */
  readonly sorted: readonly number[];
}

export const circuitFields = {
  fitShare: float(0.5, "share of one frequency in a neuron's power, on both sides, from which it belongs to it", {
    min: 0,
    max: 1,
  }),
};

/** The circuit of a network that is in the coordinates of `chart` already. */
export function circuitOf(network: Network, chart: Chart, fitShare = circuitFields.fitShare.default): Circuit {
  const neurons = neuronsOf(network, fitShare);
  const fitting = neurons.filter(({ fits }) => fits);
  const unfit = neurons.filter(({ fits }) => !fits);
  const found = [...new Set(fitting.map(({ frequency }) => frequency))].sort((a, b) => a - b);
  const groups = found.map((frequency) => {
    const members = fitting.filter((neuron) => neuron.frequency === frequency).sort((x, y) => x.a.phase - y.a.phase);
    return {
      frequency,
      neurons: members,
      weight: members.reduce((sum, { weight }) => sum + weight, 0),
      ...relationOf(members),
    };
  });
  return {
    operation: chart.operation,
    basis: chart.basis,
    generator: chart.generator,
    order: chart.order,
    tied: network.inputs[0] === network.inputs[1],
    groups,
    unfit,
    sorted: [...groups.flatMap((group) => group.neurons), ...unfit].map(({ index }) => index),
  };
}

function neuronsOf({ p, inputs, output }: Network, fitShare: number): readonly Neuron[] {
  const spectra = inputs.map(dft);
  const out = dft(transpose(output));
  const inPower = inputs[0] === inputs[1] ? powers(spectra[0]) : sum(powers(spectra[0]), powers(spectra[1]));
  const outPower = powers(out);
  const n = output.rows;
  const frequencies = Array.from({ length: n }, (_, j) => strongest(inPower, j));
  const sizes = Array.from({ length: n }, (_, j) => Math.sqrt(total(inPower, j, 0) * total(outPower, j, 0)));
  const all = sizes.reduce((a, b) => a + b, 0);
  return frequencies.map((k, j) => {
    const [a, b, c] = [waveOf(spectra[0], k, j), waveOf(spectra[1], k, j), waveOf(out, k, j)];
    const share = k === 0 ? 0 : shareOf(inPower, k, j);
    const outputShare = k === 0 ? 0 : shareOf(outPower, k, j);
    return {
      index: j,
      frequency: k,
      share,
      outputShare,
      a,
      b,
      output: c,
      defect: wrap(c.phase - a.phase - b.phase),
      weight: all > 0 ? sizes[j] / all : 0,
      fits: k > 0 && k <= highestFrequency(p) && share >= fitShare && outputShare >= fitShare,
    };
  });
}

const sum = (x: Matrix, y: Matrix): Matrix => ({ ...x, data: x.data.map((value, i) => value + y.data[i]) });

function total({ rows, cols, data }: Matrix, column: number, from: number): number {
  let power = 0;
  for (let k = from; k < rows; k++) power += data[k * cols + column];
  return power;
}

/** The frequency with most power, the constant left out; 0 where no other has any. */
function strongest({ rows, cols, data }: Matrix, column: number): number {
  let best = 0;
  for (let k = 1; k < rows; k++) {
    const power = data[k * cols + column];
    if (power > 0 && (best === 0 || power > data[best * cols + column])) best = k;
  }
  return best;
}

function shareOf(power: Matrix, k: number, column: number): number {
  const waves = total(power, column, 1);
  return waves > 0 ? power.data[k * power.cols + column] / waves : 0;
}

/**
 * Frequency, amplitude and phase of every neuron, and the groups they form.
 *
 * A neuron's frequency is the k with the largest |C_k|² + |S_k|² over its input weights of both operands (the published
 * page takes the largest single component, which can be misled by the phase). Its phase is atan2(S_k, C_k), so that the
 * wave is amplitude · cos(2πkn/p - phase). A neuron fits where that frequency holds at least `fitShare` of the power of
 * its input weights and of its output weights.
 *
 * Planted: pure waves have share 1 and are recovered to rounding; p - k is reported as k with the phase turned around;
 * of random weights no neuron fits.
 */
export const circuit = defineAnalysis({
  name: "circuit",
  summary: "Each neuron's frequency and phases, grouped: the waves that the network is made of.",
  source: "Pearce et al. 2023 (frequency, phase, groups); pair norms instead of single components",
  needs: "network",
  fields: { ...circuitFields, chart: chartField },
  run: (network, { fitShare, chart: name }): Circuit => {
    const chart = chartFor(network, name);
    return circuitOf(inChart(network, chart), chart, fitShare);
  },
});
