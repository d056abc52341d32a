import { defineAnalysis } from "./analysis.ts";
import { chartField, chartFor } from "./chart-choice.ts";
import { inChart } from "./charts.ts";
import { circuitFields, circuitOf, type Circuit } from "./circuit.ts";
import { addLogits, argmax, hiddenInto, marginOf } from "./forward.ts";
import type { Network } from "./network.ts";
import { eachExample, Tally, type BothScores } from "./score.ts";

/** What the neurons of each frequency do alone, and what is missing without them. */
export interface InterferenceRows {
  /** All neurons. */
  readonly network: BothScores;
  /** Only neurons that fit. */
  readonly circuit: BothScores;
  readonly frequencies: readonly {
    readonly frequency: number;
    readonly neurons: number;
    /** Only the neurons of this frequency. */
    readonly kept: BothScores;
    /** Every neuron but those. */
    readonly removed: BothScores;
  }[];
  /** The strongest frequency alone, the two strongest, … */
  readonly margins: readonly {
    readonly count: number;
    readonly frequencies: readonly number[];
    /** Label's logit less the largest other one, over all examples: its mean and the smallest one. */
    readonly mean: number;
    readonly smallest: number;
    /** Of the mean margin by the standard deviation of the logits: how far the answer stands out. */
    readonly relative: number;
    /** Share of all examples with a margin above 0. */
    readonly accuracy: number;
  }[];
}

export function interferenceOf(network: Network, circuit: Circuit): InterferenceRows {
  const groups = [...circuit.groups].sort((x, y) => y.weight - x.weight);
  const members = groups.map(({ neurons }) => neurons.map(({ index }) => index));
  const rest = circuit.unfit.map(({ index }) => index);
  const p = network.output.cols;
  const alone = groups.map(() => new Float64Array(p));
  const [whole, other] = [new Float64Array(p), new Float64Array(p)];
  const kept = groups.map(() => new Tally());
  const removed = groups.map(() => new Tally());
  const [all, fitting] = [new Tally(), new Tally()];
  const margins = groups.map(() => new Margins());

  eachExample(network, (hidden, label, train) => {
    whole.fill(0);
    alone.forEach((logits, g) => {
      logits.fill(0);
      addLogits(network.output, hidden, members[g], logits);
      for (let c = 0; c < p; c++) whole[c] += logits[c];
      margins[g].add(whole, label);
      kept[g].add(logits, label, train);
    });
    if (rest.length > 0) {
      fitting.add(whole, label, train);
      addLogits(network.output, hidden, rest, whole);
    }
    all.add(whole, label, train);
    alone.forEach((logits, g) => {
      for (let c = 0; c < p; c++) other[c] = whole[c] - logits[c];
      removed[g].add(other, label, train);
    });
  });

  const byFrequency = groups.map(({ frequency, neurons }, g) => ({
    frequency,
    neurons: neurons.length,
    kept: kept[g].scores,
    removed: removed[g].scores,
  }));
  return {
    network: all.scores,
    circuit: (rest.length > 0 ? fitting : all).scores,
    frequencies: byFrequency.sort((x, y) => x.frequency - y.frequency),
    margins: margins.map((margin, g) => ({
      count: g + 1,
      frequencies: groups.slice(0, g + 1).map(({ frequency }) => frequency),
      ...margin.rows,
    })),
  };
}

class Margins {
  #count = 0;
  #sum = 0;
  #smallest = Infinity;
  #right = 0;
  #variance = 0;

  add(logits: Float64Array, label: number): void {
    const margin = marginOf(logits, label);
    this.#count++;
    this.#sum += margin;
    this.#smallest = Math.min(this.#smallest, margin);
    // Only a tie needs to be looked at again: the smaller answer is given.
    if (margin > 0 || (margin === 0 && argmax(logits) === label)) this.#right++;
    let sum = 0;
    let squares = 0;
    for (const x of logits) {
      sum += x;
      squares += x * x;
    }
    this.#variance += squares / logits.length - (sum / logits.length) ** 2;
  }

  get rows() {
    const mean = this.#sum / this.#count;
    return {
      mean,
      smallest: this.#smallest,
      relative: mean / Math.sqrt(this.#variance / this.#count),
      accuracy: this.#right / this.#count,
    };
  }
}

/**
 * Frequencies kept one at a time, removed one at a time, and added one after the other, by masking the hidden neurons of
 * their groups. Each frequency alone leaves its answer between neighbors that look almost as good; only where several
 * meet does one answer stand out.
 *
 * Planted: frequencies that are needed together score far below 1 alone; the margin relative to the spread of the logits
 * grows with every frequency added.
 */
export const interference = defineAnalysis({
  name: "interference",
  summary: "Accuracy and margin with one frequency kept, with one removed, and with more and more of them.",
  source: "Pearce et al. 2023 (per-frequency logits, which mask the neurons); Gromov 2023 (constructive interference)",
  needs: "network",
  fields: { ...circuitFields, chart: chartField },
  run: (network, { fitShare, chart: name }): InterferenceRows => {
    const chart = chartFor(network, name);
    const read = inChart(network, chart);
    return interferenceOf(read, circuitOf(read, chart, fitShare));
  },
});

/** The logits of one pair, from the neurons of each frequency and from all of them. */
export interface PairLogits {
  readonly a: number;
  readonly b: number;
  /** The right answer: (a + b) mod order, in the coordinates of the circuit. */
  readonly answer: number;
  readonly frequencies: readonly { readonly frequency: number; readonly logits: readonly number[] }[];
  readonly all: readonly number[];
}

/** @param network in the coordinates of the circuit, as `a` and `b` are */
export function pairLogits(network: Network, circuit: Circuit, a: number, b: number): PairLogits {
  const hidden = new Float64Array(network.output.rows);
  hiddenInto(network, a, b, hidden);
  const from = (neurons: readonly number[]): readonly number[] => {
    const logits = new Float64Array(network.output.cols);
    addLogits(network.output, hidden, neurons, logits);
    return Array.from(logits);
  };
  return {
    a,
    b,
    answer: (a + b) % circuit.order,
    frequencies: circuit.groups.map(({ frequency, neurons }) => ({
      frequency,
      logits: from(neurons.map(({ index }) => index)),
    })),
    all: from(Array.from(hidden, (_, j) => j)),
  };
}
