import { defineAnalysis } from "./analysis.ts";
import { chartField, chartFor } from "./chart-choice.ts";
import { inChart } from "./charts.ts";
import { circuitFields, circuitOf, type Circuit } from "./circuit.ts";
import { hiddenInto } from "./forward.ts";
import { centeredRows } from "./matrix.ts";
import type { Network } from "./network.ts";

/** How well the logits from the neurons of one frequency are a cosine of a + b - c. */
export interface LogitFit {
  readonly frequency: number;
  /**
   * Share of their variation that A(a, b) · cos(2πk(a + b - c)/p) explains, with a height A >= 0 of its own for each
   * pair: 1 where every pair's logits are a cosine whose crest stands at the right answer.
   */
  readonly r2: number;
  /** The same with the height that the mechanism predicts, A · |cos(πk(a - b)/p)| (squared for squares), and one A. */
  readonly r2Predicted: number;
  /** The same with one height for all pairs; even an ideal circle of ReLUs reaches only 8/π² = .811. */
  readonly r2Flat: number;
  /** The one height of the flat fit, in logits: the mean of A(a, b), those below 0 included. */
  readonly amplitude: number;
}

export interface LogitFitRows {
  readonly frequencies: readonly LogitFit[];
  /** Share of the variation of the whole network's logits that these cosines explain, each pair with its own heights. */
  readonly explained: number;
  /** The same with one height for each frequency: the fraction of variance explained of Nanda et al. 2023. */
  readonly explainedFlat: number;
  /** Standard deviation of the logits around their mean of each pair. */
  readonly logitScale: number;
}

/**
 * Everything is linear in the hidden activations, so that no logit has to be made: with the output weights W centered
 * over the answers, Σ‖logits‖² = ⟨WWᵀ, Σ hhᵀ⟩ and ⟨logits, cos 2πk(a + b - c)/p⟩ = Σ_j h_j (cos ks · C_j + sin ks · S_j).
 */
export function logitFitOf(network: Network, circuit: Circuit): LogitFitRows {
  const { p, activation } = network;
  const output = centeredRows(network.output);
  const n = output.rows;
  const { groups } = circuit;
  const members = groups.map(({ neurons }) => neurons.map(({ index }) => index));
  const every = Array.from({ length: n }, (_, j) => j);
  const own = groups.map(({ frequency }, g) => new Projection(output, p, frequency, members[g]));
  const whole = groups.map(({ frequency }) => new Projection(output, p, frequency, every));
  const sums = groups.map(() => new Sums());
  const products = new Products(n);
  let explained = 0;
  const flat = groups.map(() => 0);
  const hidden = new Float64Array(n);
  for (let a = 0; a < p; a++) {
    for (let b = 0; b < p; b++) {
      hiddenInto(network, a, b, hidden);
      products.add(hidden);
      groups.forEach(({ frequency }, g) => {
        const envelope = Math.abs(Math.cos((Math.PI * ((frequency * (a - b)) % (2 * p))) / p));
        sums[g].add(own[g].height(hidden, a + b), activation === "square" ? envelope * envelope : envelope);
        const height = whole[g].height(hidden, a + b);
        flat[g] += height;
        if (height > 0) explained += height * height * own[g].length;
      });
    }
  }
  const pairs = p * p;
  const total = products.squares(output, every);
  const explainedFlat = flat.reduce((sum, heights, g) => sum + (heights * heights * own[g].length) / pairs, 0);
  return {
    frequencies: groups.map(({ frequency }, g) => {
      return { frequency, ...sums[g].fit(own[g].length, pairs, products.squares(output, members[g])) };
    }),
    explained: total > 0 ? explained / total : 0,
    explainedFlat: total > 0 ? explainedFlat / total : 0,
    logitScale: Math.sqrt(total / (pairs * p)),
  };
}

/** The height of cos(2πk(s - c)/p) in the logits of some neurons. */
class Projection {
  /** Σ_c cos²(2πkc/p) */
  readonly length: number;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #waves: readonly [Float64Array, Float64Array];

  constructor(
    output: Network["output"],
    private readonly p: number,
    frequency: number,
    readonly neurons: readonly number[],
  ) {
    const angle = (c: number) => (2 * Math.PI * ((frequency * c) % p)) / p;
    this.#waves = [
      Float64Array.from({ length: p }, (_, c) => Math.cos(angle(c))),
      Float64Array.from({ length: p }, (_, c) => Math.sin(angle(c))),
    ];
    this.length = 2 * frequency === p ? p : p / 2;
    const along = (wave: Float64Array) =>
      Float64Array.from({ length: output.rows }, (_, j) => {
        let sum = 0;
        for (let c = 0; c < p; c++) sum += output.data[j * p + c] * wave[c];
        return sum;
      });
    this.#cos = along(this.#waves[0]);
    this.#sin = along(this.#waves[1]);
  }

  height(hidden: Float64Array, s: number): number {
    let [cos, sin] = [0, 0];
    for (const j of this.neurons) {
      cos += hidden[j] * this.#cos[j];
      sin += hidden[j] * this.#sin[j];
    }
    const at = s % this.p;
    return (this.#waves[0][at] * cos + this.#waves[1][at] * sin) / this.length;
  }
}

class Sums {
  #positive = 0;
  #heights = 0;
  #withEnvelope = 0;
  #envelopes = 0;

  add(height: number, envelope: number): void {
    if (height > 0) this.#positive += height * height;
    this.#heights += height;
    this.#withEnvelope += height * envelope;
    this.#envelopes += envelope * envelope;
  }

  /** @param total Σ of the squared logits, what the shares are of */
  fit(length: number, pairs: number, total: number) {
    const share = (squares: number) => (total > 0 ? (length * squares) / total : 0);
    return {
      r2: share(this.#positive),
      r2Predicted: share(Math.max(0, this.#withEnvelope) ** 2 / this.#envelopes),
      r2Flat: share(Math.max(0, this.#heights) ** 2 / pairs),
      amplitude: this.#heights / pairs,
    };
  }
}

/** Σ hhᵀ over the pairs, [n, n], of which only j >= i is filled. Half of the ReLUs are silent at a time. */
class Products {
  readonly #sums: Float64Array;
  readonly #active: Int32Array;

  constructor(private readonly n: number) {
    this.#sums = new Float64Array(n * n);
    this.#active = new Int32Array(n);
  }

  add(hidden: Float64Array): void {
    const { n } = this;
    const [sums, active] = [this.#sums, this.#active];
    let count = 0;
    for (let j = 0; j < n; j++) if (hidden[j] !== 0) active[count++] = j;
    for (let i = 0; i < count; i++) {
      const h = hidden[active[i]];
      const row = active[i] * n;
      for (let j = i; j < count; j++) sums[row + active[j]] += h * hidden[active[j]];
    }
  }

  /** Σ‖logits‖² over the pairs, of the logits that some neurons make with these output weights. */
  squares({ cols: p, data }: Network["output"], neurons: readonly number[]): number {
    let total = 0;
    for (const i of neurons) {
      for (const j of neurons) {
        if (j < i) continue;
        let product = 0;
        for (let c = 0; c < p; c++) product += data[i * p + c] * data[j * p + c];
        total += (i === j ? 1 : 2) * product * this.#sums[i * this.n + j];
      }
    }
    return total;
  }
}

/**
 * The fit of each frequency's logits to A · cos(2πk(a + b - c)/p) over all pairs and answers.
 *
 * With R² = 1 - Σ(logit - fit)² / Σ logit², logits taken around their mean of each pair (a softmax cannot see it).
 *
 * Planted: the analytic solution for squares has r2 = r2Predicted = 1, and a flat r2 of 2/3; five even ReLU directions
 * have an r2Predicted above .99; random weights have no group to fit.
 */
export const logitFit = defineAnalysis({
  name: "logit-fit",
  summary: "How well the logits of each frequency are a cosine whose crest stands at the right answer.",
  source: "Pearce et al. 2023 (expected form, shown by eye); Nanda et al. 2023 (trigonometric fit of the logits)",
  needs: "network",
  fields: { ...circuitFields, chart: chartField },
  run: (network, { fitShare, chart: name }): LogitFitRows => {
    const chart = chartFor(network, name);
    const read = inChart(network, chart);
    return logitFitOf(read, circuitOf(read, chart, fitShare));
  },
});
