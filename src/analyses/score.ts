import { addLogits, allNeurons, argmax, hiddenInto, lossOf } from "./forward.ts";
import type { Network } from "./network.ts";

/** Loss in nats per example, and accuracy; NaN where a half has no example. */
export interface HalfScore {
  readonly loss: number;
  readonly accuracy: number;
}
export interface BothScores {
  readonly train: HalfScore;
  readonly test: HalfScore;
}

/** Adds examples up, one half at a time. */
export class Tally {
  readonly #loss = [0, 0];
  readonly #right = [0, 0];
  readonly #count = [0, 0];

  /** @returns the answer */
  add(logits: Float64Array, label: number, train: number): number {
    const answer = argmax(logits);
    this.#count[train]++;
    this.#loss[train] += lossOf(logits, label);
    if (answer === label) this.#right[train]++;
    return answer;
  }

  get scores(): BothScores {
    const half = (i: number): HalfScore => ({
      loss: this.#loss[i] / this.#count[i],
      accuracy: this.#right[i] / this.#count[i],
    });
    return { train: half(1), test: half(0) };
  }
}

/** Calls back with each example and its hidden activations, which are overwritten by the next. */
export function eachExample(
  network: Network,
  visit: (hidden: Float64Array, label: number, train: number, a: number, b: number) => void,
): void {
  const { a, b, label, train } = network.examples;
  const hidden = new Float64Array(network.output.rows);
  for (let i = 0; i < a.length; i++) {
    hiddenInto(network, a[i], b[i], hidden);
    visit(hidden, label[i], train[i], a[i], b[i]);
  }
}

/** How the network does on its examples. */
export function scoresOf(network: Network): BothScores {
  const tally = new Tally();
  const logits = new Float64Array(network.output.cols);
  const neurons = allNeurons(network.output.rows);
  eachExample(network, (hidden, label, train) => {
    logits.fill(0);
    addLogits(network.output, hidden, neurons, logits);
    tally.add(logits, label, train);
  });
  return tally.scores;
}

/** How two networks do on the examples of the first, and on which share of each half they agree, right or wrong. */
export function compared(
  first: Network,
  second: Network,
): {
  readonly first: BothScores;
  readonly second: BothScores;
  readonly agreement: { readonly train: number; readonly test: number };
} {
  const same = [0, 0];
  const count = [0, 0];
  const tallies = [new Tally(), new Tally()];
  const others = new Float64Array(second.output.rows);
  const logits = [new Float64Array(first.output.cols), new Float64Array(second.output.cols)];
  const neurons = [allNeurons(first.output.rows), allNeurons(second.output.rows)];
  eachExample(first, (hidden, label, train, a, b) => {
    hiddenInto(second, a, b, others);
    logits.forEach((values) => values.fill(0));
    addLogits(first.output, hidden, neurons[0], logits[0]);
    addLogits(second.output, others, neurons[1], logits[1]);
    const answers = tallies.map((tally, i) => tally.add(logits[i], label, train));
    count[train]++;
    if (answers[0] === answers[1]) same[train]++;
  });
  const agreement = { train: same[1] / count[1], test: same[0] / count[0] };
  return { first: tallies[0].scores, second: tallies[1].scores, agreement };
}
