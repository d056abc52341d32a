import { addLogits, allNeurons, argmax, hiddenInto, lossOf } from "./forward.ts";
import { multiply, zeros } from "./matrix.ts";
import type { Matrix, Network } from "./network.ts";
import { eachExample, type HalfScore } from "./score.ts";

/**
 * The part of the logits that depends on the pair only through s = a + b: their mean over all pairs of the same sum,
 * [s, c]. Linear in the hidden activations, so these are averaged first.
 */
export function sumPart(network: Network): Matrix {
  const { p, output } = network;
  const n = output.rows;
  const means = zeros(p, n);
  const hidden = new Float64Array(n);
  for (let a = 0; a < p; a++) {
    for (let b = 0; b < p; b++) {
      hiddenInto(network, a, b, hidden);
      const row = ((a + b) % p) * n;
      for (let j = 0; j < n; j++) means.data[row + j] += hidden[j] / p;
    }
  }
  return multiply(means, output);
}

/** What frequency k of s contributes to that part: its projection on cos(2πks/p) and sin(2πks/p), [s, c]; k = 0: the mean. */
export function frequencyPart({ rows: p, data }: Matrix, k: number): Matrix {
  const angle = Float64Array.from({ length: p }, (_, s) => (2 * Math.PI * ((k * s) % p)) / p);
  const [cos, sin] = [angle.map(Math.cos), angle.map(Math.sin)];
  const scale = (k === 0 || 2 * k === p ? 1 : 2) / p;
  const [even, odd] = [new Float64Array(p), new Float64Array(p)];
  for (let s = 0; s < p; s++) {
    for (let c = 0; c < p; c++) {
      even[c] += scale * cos[s] * data[s * p + c];
      odd[c] += scale * sin[s] * data[s * p + c];
    }
  }
  const out = zeros(p, p);
  for (let s = 0; s < p; s++) {
    for (let c = 0; c < p; c++) out.data[s * p + c] = cos[s] * even[c] + sin[s] * odd[c];
  }
  return out;
}

export function addInto(into: Matrix, { data }: Matrix): void {
  for (let i = 0; i < data.length; i++) into.data[i] += data[i];
}

/** Mean over the sums s of what logits that know only s score, each sum counted as often as its examples of this half. */
export function scoreOfSums(part: Matrix, network: Network, half: "train" | "test"): HalfScore {
  const { rows: p, data } = part;
  const { a, b, train } = network.examples;
  const wanted = half === "train" ? 1 : 0;
  const counts = new Float64Array(p);
  for (let i = 0; i < a.length; i++) if (train[i] === wanted) counts[(a[i] + b[i]) % p]++;
  let [loss, right, total] = [0, 0, 0];
  for (let s = 0; s < p; s++) {
    if (counts[s] === 0) continue;
    const logits = data.subarray(s * p, (s + 1) * p);
    total += counts[s];
    loss += counts[s] * lossOf(logits, s);
    if (argmax(logits) === s) right += counts[s];
  }
  return { loss: loss / total, accuracy: right / total };
}

/**
 * Mean test loss of the network with each of these parts, which know only the sum, taken out of its logits, one at a
 * time; and with none taken out, first. Logits and their exponentials are made once for all: e^(l - part) is e^l times
 * e^-part, which knows only the sum as well. Where that leaves the range of the numbers, the loss is made as ever.
 */
export function testLossesWithout(network: Network, parts: readonly Matrix[]): readonly number[] {
  const { p, output } = network;
  const [logits, rest, powers] = [new Float64Array(p), new Float64Array(p), new Float64Array(p)];
  const neurons = allNeurons(output.rows);
  const losses = new Float64Array(parts.length + 1);
  const factors = parts.map(({ data }) => data.map((x) => Math.exp(-x)));
  let count = 0;
  eachExample(network, (hidden, label, train, a, b) => {
    if (train === 1) return;
    count++;
    logits.fill(0);
    addLogits(output, hidden, neurons, logits);
    losses[0] += lossOf(logits, label);
    const largest = logits[argmax(logits)];
    for (let c = 0; c < p; c++) powers[c] = Math.exp(logits[c] - largest);
    const row = ((a + b) % p) * p;
    for (let i = 0; i < parts.length; i++) {
      const own = factors[i];
      const right = powers[label] * own[row + label];
      let others = 0;
      for (let c = 0; c < label; c++) others += powers[c] * own[row + c];
      for (let c = label + 1; c < p; c++) others += powers[c] * own[row + c];
      if (right > 1e-200 && others > 1e-200 && others / right < 1e200) losses[i + 1] += Math.log1p(others / right);
      else {
        for (let c = 0; c < p; c++) rest[c] = logits[c] - parts[i].data[row + c];
        losses[i + 1] += lossOf(rest, label);
      }
    }
  });
  return Array.from(losses, (sum) => sum / count);
}

/**
 * Do the held-out answers know the rule? The logits of held-out pairs averaged over each sum, then asked for the answer:
 * a network that knows only its training pairs is at chance here however long it has trained, and no frequency had to be
 * named. Accuracy over the sums that have a held-out pair.
 */
export function heldOutSums(network: Network): number {
  const { p, output, examples } = network;
  const n = output.rows;
  const means = zeros(p, n);
  const hidden = new Float64Array(n);
  const seen = new Uint8Array(p);
  for (let i = 0; i < examples.a.length; i++) {
    if (examples.train[i] === 1) continue;
    hiddenInto(network, examples.a[i], examples.b[i], hidden);
    const s = (examples.a[i] + examples.b[i]) % p;
    seen[s] = 1;
    for (let j = 0; j < n; j++) means.data[s * n + j] += hidden[j];
  }
  const logits = multiply(means, output);
  let [right, asked] = [0, 0];
  for (let s = 0; s < p; s++) {
    if (seen[s] === 0) continue;
    asked++;
    if (argmax(logits.data.subarray(s * p, (s + 1) * p)) === s) right++;
  }
  return asked === 0 ? NaN : right / asked;
}
