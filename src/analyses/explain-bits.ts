import type { BitNetwork } from "./bit-network.ts";
import type { Course } from "./course.ts";
import { atLeast, atMost, candidate, listed, missed, type Mechanism } from "./mechanism.ts";
import { stagesOf, type StageReading, type StageRows } from "./stages.ts";
import { parity, type ParityRows } from "./parity.ts";
import { weightTrajectories, type TrajectoryRows } from "./weight-trajectories.ts";

/** Everything that the analyses say of a network on bits. Plain JSON. */
export interface BitExplanation {
  readonly kind: "bits";
  readonly mechanism: Mechanism;
  readonly parity: ParityRows;
  /** Over the checkpoints, where there are several. */
  readonly trajectories: TrajectoryRows | null;
  /** What it computed with where the test loss turned around. */
  readonly stages: StageRows | null;
}

/** Thresholds of the verdict. */
export const bitThresholds = {
  influence: 0.9,
  otherInfluence: 0.05,
  truthTable: 1,
  prunedAccuracy: 0.9,
  agreement: 0.9,
  trainAccuracy: 0.9,
  /** Halfway from a guess to knowing. */
  memorizedTest: 0.75,
} as const;

/** @param course the run that it came from, for the trajectories */
export function explainBits(network: BitNetwork, course?: Course<BitNetwork>): BitExplanation {
  const rows = parity.run(network);
  const options = rows.digits.length > 0 ? { digits: rows.digits } : {};
  return {
    kind: "bits",
    mechanism: mechanismOf(rows),
    parity: rows,
    trajectories: course === undefined || course.moments.length < 2 ? null : weightTrajectories.run(course, options),
    stages: course === undefined || course.moments.length < 2 ? null : stages(course),
  };
}

function stages({ evals, moments }: Course<BitNetwork>): StageRows {
  const read = (at: number): StageReading => {
    const rows = parity.run(moments[at].network);
    const { label, sentence, parts, carried } = mechanismOf(rows);
    const rebuilt = rows.digits.length === 0 ? null : rows.pruned.test;
    return { mechanism: { label, sentence, parts, carried }, rebuilt };
  };
  return stagesOf(evals, moments.map(({ step }) => step), read); // prettier-ignore
}

function mechanismOf(rows: ParityRows): Mechanism {
  const t = bitThresholds;
  const { digits, inputs, network, pruned } = rows;
  const own = inputs.filter(({ digit }) => digits.includes(digit)).map(({ influence }) => influence);
  const others = inputs.filter(({ digit }) => !digits.includes(digit)).map(({ influence }) => influence);
  const table = rows.assignments === 0 ? NaN : rows.right / rows.assignments;
  const byParity = candidate("parity", [
    atLeast(
      "answers changed by the least influential of the digits",
      own.length === 0 ? NaN : Math.min(...own),
      t.influence,
    ),
    atMost("answers changed by any other digit", Math.max(0, ...others), t.otherInfluence),
    atLeast("assignments of the digits that get their parity", table, t.truthTable),
    atLeast("held-out accuracy with all other weights removed", pruned.test, t.prunedAccuracy),
    atLeast("held-out answers shared with the network then", rows.agreement, t.agreement),
  ]);
  const memorized = candidate("memorized-table", [
    atLeast("accuracy on training examples", network.train, t.trainAccuracy),
    atMost("accuracy on held-out examples", network.test, t.memorizedTest),
    atMost("answers changed by the most influential digit", Math.max(0, ...inputs.map(({ influence }) => influence)), t.influence), // prettier-ignore
  ]);
  const candidates = [byParity, memorized];
  const carried = Number.isNaN(rows.agreement) ? null : rows.agreement;
  if (byParity.holds) {
    const what = rows.inverted ? "an even number of ones among" : "an odd number of ones among";
    const shown = `${digits.length === 1 ? "digit" : "digits"} ${listed(digits.map((digit) => digit + 1))}`;
    const idle = rows.neurons.filter(({ survives }) => !survives).length;
    const strange = rows.neurons.filter(({ survives, known }) => survives && !known);
    return {
      label: "parity",
      sentence: `parity: it answers 1 for ${what} ${shown}`,
      parts: digits,
      carried,
      candidates,
      unexplained: [
        ...(idle > 0 ? [`${idle} of ${rows.neurons.length} neurons are not needed: ${rows.subnetwork.size} answer alike`] : []), // prettier-ignore
        ...(strange.length > 0
          ? [`${strange.length === 1 ? "neuron" : "neurons"} ${listed(strange.map(({ index }) => index))} of those that are needed ${strange.length === 1 ? "is" : "are"} not of the known form`] // prettier-ignore
          : []),
      ],
    };
  }
  if (memorized.holds) {
    const sentence = "memorized table: it knows its training examples, and next to nothing about the others";
    return { label: "memorized-table", sentence, parts: [], carried: null, candidates, unexplained: [] };
  }
  const found = digits.length === 0 ? "no digit changes half of the answers" : `digits ${listed(digits.map((d) => d + 1))} change at least half of the answers`; // prettier-ignore
  return {
    label: "unexplained",
    sentence: "unexplained: no mechanism reaches its thresholds",
    parts: [],
    carried,
    candidates,
    unexplained: [
      found,
      ...missed(byParity).map(({ name, value, threshold, relation }) => {
        return `${name}: ${Number.isFinite(value) ? Number(value.toPrecision(3)) : "none"}, needed ${relation === ">=" ? "at least" : "at most"} ${threshold}`;
      }),
    ],
  };
}
