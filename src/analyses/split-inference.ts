import type { Chart } from "./charts.ts";
import { circuitOf } from "./circuit.ts";
import { addLogits, allNeurons, marginOf } from "./forward.ts";
import { atLeast, atMost, type Evidence } from "./mechanism.ts";
import type { Examples, Network } from "./network.ts";
import { rebuild } from "./rebuild.ts";
import { eachExample, scoresOf } from "./score.ts";

/** Which pairs a network was trained on, as far as its own answers tell. Plain JSON but for `train`. */
export interface SplitInference {
  /** One flag for each example: 1 where it is taken for one of the training half. Null where it cannot be told. */
  readonly train: Uint8Array | null;
  /** What it would take to tell, each number against its threshold. */
  readonly evidence: readonly Evidence[];
  /** What came of it, in words. */
  readonly text: string;
}

/** Thresholds of the inference, found on runs whose split was known: docs/LOG.md. */
export const splitThresholds = {
  /** Share of the pairs that are known, and that are not: a split has two halves. */
  half: 0.05,
  /** Pairs around the gap between the two, per known pair: about as many are on the wrong side. */
  doubtful: 0.05,
  /** Accuracy over all pairs of the circuit that was read off: a rule answers pairs that nobody showed it. */
  rebuilt: 0.2,
  /** χ² per degree of freedom; 1 where the known pairs are a draw, 2 where mirrored pairs were drawn together. */
  chiSquared: 3,
} as const;

/**
 * Tells the pairs that a network was trained on from its margins (the label's logit less the largest other one), where
 * it knows those by heart and not the others: the margins then have two heaps with a gap between them. With q the lower
 * quartile of the margins above 0, the gap is the window of width q/2, centered between 0 and 3q/4, that holds the fewest
 * pairs; these are the doubtful ones. A network that answers everything, or answers some pairs by a rule, has no such
 * gap, or its known pairs are no random draw: their number then depends on a, on b, on a + b or on a - b.
 *
 * Planted: a table is told exactly; adders, half-trained mixtures and random weights are refused.
 *
 * @param network in the coordinates of `chart`, with every pair as an example
 */
export function inferSplit(network: Network, chart: Chart): SplitInference {
  const margins = marginsOf(network);
  const tied = network.inputs[0] === network.inputs[1];
  const { a, b } = network.examples;
  // Where the network cannot tell (a, b) from (b, a) the two are one pair.
  const counted = [...margins.keys()].filter((i) => !tied || a[i] <= b[i]);
  const { threshold, doubtful } = gapOf(counted.map((i) => margins[i]));
  const known = counted.filter((i) => margins[i] > threshold);
  const share = known.length / counted.length;
  const others = counted.length - known.length;
  if (known.length === counted.length) {
    return { train: null, evidence: [], text: "cannot be inferred, every pair is answered: all count as held out" };
  }
  const t = splitThresholds;
  const isKnown = new Set(known);
  const rebuilt = scoresOf(rebuild({ ...network, examples: heldOut(network.examples) }, circuitOf(network, chart)));
  const evidence = [
    // Guessing knows one in p.
    atLeast("pairs that it knows", share, Math.max(t.half, 3 / network.p)),
    atLeast("pairs that it does not know", others / counted.length, t.half),
    atMost("doubtful pairs, in the gap between the two, per pair that it knows", doubtful / known.length, t.doubtful),
    atMost("accuracy over all pairs of the circuit rebuilt from its waves", rebuilt.test.accuracy, t.rebuilt),
    atMost("χ² per degree of freedom: does it depend on a, b, a + b or a - b whether it knows a pair?", chiSquared(network, counted, isKnown), t.chiSquared, "number"), // prettier-ignore
  ];
  if (!evidence.every(({ holds }) => holds))
    return { train: null, evidence, text: "cannot be inferred from the answers: all pairs count as held out" };
  const percent = Number((100 * Math.max(doubtful / known.length, 1 / counted.length)).toPrecision(2));
  return {
    train: Uint8Array.from(margins, (margin) => (margin > threshold ? 1 : 0)),
    evidence,
    text: `inferred: the ${known.length} of ${counted.length} pairs that it knows; about ${percent} % of them may be on the wrong side`,
  };
}

const heldOut = (examples: Examples): Examples => ({ ...examples, train: new Uint8Array(examples.a.length) });

function marginsOf(network: Network): Float64Array {
  const { p, output, examples } = network;
  const margins = new Float64Array(examples.a.length);
  const logits = new Float64Array(p);
  const neurons = allNeurons(output.rows);
  let at = 0;
  eachExample(network, (hidden, label) => {
    logits.fill(0);
    addLogits(output, hidden, neurons, logits);
    margins[at++] = marginOf(logits, label);
  });
  return margins;
}

/** The emptiest window between knowing and not knowing: its middle, and how many pairs are in it. */
function gapOf(margins: readonly number[]): { readonly threshold: number; readonly doubtful: number } {
  const right = margins.filter((margin) => margin > 0).sort((x, y) => x - y);
  const q = right[Math.floor(right.length / 4)] ?? 0;
  const tried = Array.from({ length: 16 }, (_, i) => (0.75 * q * i) / 15).map((threshold) => ({
    threshold,
    doubtful: margins.filter((margin) => Math.abs(margin - threshold) < q / 4).length,
  }));
  const least = Math.min(...tried.map(({ doubtful }) => doubtful));
  // Of equal ones the middle: as far from both heaps as can be.
  const best = tried.filter(({ doubtful }) => doubtful === least);
  return best[Math.floor(best.length / 2)];
}

/** The largest of four: Σ(known - expected)²/variance over the values of a, b, a + b and a - b, per degree of freedom. */
function chiSquared({ p, examples, inputs }: Network, counted: readonly number[], known: ReadonlySet<number>): number {
  const share = known.size / counted.length;
  const { a, b } = examples;
  const tied = inputs[0] === inputs[1];
  const of = (classes: (a: number, b: number) => readonly number[]): number => {
    const [all, own] = [new Float64Array(p), new Float64Array(p)];
    for (const i of counted) {
      for (const value of classes(a[i], b[i])) {
        all[value]++;
        if (known.has(i)) own[value]++;
      }
    }
    let [sum, classesSeen] = [0, 0];
    all.forEach((count, value) => {
      if (count === 0) return;
      classesSeen++;
      sum += (own[value] - share * count) ** 2 / (count * share * (1 - share));
    });
    return sum / Math.max(1, classesSeen - 1);
  };
  const distance = (a: number, b: number): number => (a - b + p) % p;
  return Math.max(
    // A pair without an order stands for both of its numbers, and its difference has no sign.
    ...(tied ? [of((a, b) => [a, b])] : [of((a) => [a]), of((_, b) => [b])]),
    of((a, b) => [(a + b) % p]),
    of((a, b) => [tied ? Math.min(distance(a, b), distance(b, a)) : distance(a, b)]),
  );
}
