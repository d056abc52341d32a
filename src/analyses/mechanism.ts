/** What a trained network computes with, as far as there is evidence for it. Plain JSON. */
export interface Mechanism {
  /**
   * - `fourier-circuit`: waves of a few frequencies, added on circles
   * - `parity`: the parity of a few digits
   * - `memorized-table`: its training examples and nothing that holds for others
   * - `unexplained`: none of these reaches its thresholds
   */
  readonly label: "fourier-circuit" | "parity" | "memorized-table" | "unexplained";
  /** The label with its frequencies or digits, in one sentence. */
  readonly sentence: string;
  /** Frequencies of a Fourier circuit, digits of a parity; empty otherwise. */
  readonly parts: readonly number[];
  /** Share of the held-out answers that the rebuilt circuit gives as the network does; null where nothing was rebuilt. */
  readonly carried: number | null;
  /** Every mechanism that was asked for, each with the numbers it had to reach. */
  readonly candidates: readonly Candidate[];
  /** What the named mechanism leaves open, in sentences; of an unexplained network, what was found all the same. */
  readonly unexplained: readonly string[];
}

export interface Candidate {
  readonly label: Exclude<Mechanism["label"], "unexplained">;
  readonly holds: boolean;
  readonly evidence: readonly Evidence[];
}

/** One number against its threshold. A number that is not known (NaN) does not hold. */
export interface Evidence {
  readonly name: string;
  readonly value: number;
  readonly relation: ">=" | "<=";
  readonly threshold: number;
  readonly unit: "share" | "degrees" | "number";
  readonly holds: boolean;
}

export const atLeast = (name: string, value: number, threshold: number, unit: Evidence["unit"] = "share"): Evidence => {
  return { name, value, relation: ">=", threshold, unit, holds: value >= threshold };
};
export const atMost = (name: string, value: number, threshold: number, unit: Evidence["unit"] = "share"): Evidence => {
  return { name, value, relation: "<=", threshold, unit, holds: value <= threshold };
};

/** A candidate holds where all of its evidence does. */
export const candidate = (label: Candidate["label"], evidence: readonly Evidence[]): Candidate => ({
  label,
  holds: evidence.every(({ holds }) => holds),
  evidence,
});

/** Not named, and by how much it was missed. */
export const missed = ({ evidence }: Candidate): readonly Evidence[] => evidence.filter(({ holds }) => !holds);

/** `4`, `4 and 5`, `4, 5 and 26` */
export function listed(numbers: readonly number[]): string {
  if (numbers.length <= 1) return numbers.join("");
  return `${numbers.slice(0, -1).join(", ")} and ${numbers.at(-1)}`;
}
