import type { NamedArrays } from "../../../src/tensor/index.ts";
import type { Score } from "../../../src/train/eval.ts";
import type { Plan } from "../../../src/train/experiment.ts";

/** What the page asks about a network at a step. */
export interface ExamineRequest {
  readonly call: number;
  readonly plan: Plan;
  readonly step: number;
  readonly params: NamedArrays;
  /** Neurons whose activation is set to zero. */
  readonly ablated: readonly number[];
  /** Pixels that figures have. */
  readonly width: number;
  /** Weights kept on the way, for what is measured over steps. */
  readonly course: readonly { readonly step: number; readonly params: NamedArrays }[];
  /** Which figures are shown: the others are not drawn. */
  readonly panels: readonly PanelName[];
}

export const panelNames = ["predictions", "weights", "spectrum", "waves", "stars", "progress", "mechanism"] as const;
export type PanelName = (typeof panelNames)[number];

export interface BothScores {
  readonly train: Score;
  readonly test: Score;
}

export interface Examined {
  readonly call: number;
  readonly step: number;
  /** As trained, and with the ablated neurons at zero. Absent of language models: the curves have theirs. */
  readonly scores?: BothScores;
  readonly ablatedScores?: BothScores | undefined;
  /** Neurons of the hidden layer. */
  readonly neurons: number;
  /** Frequencies and their neurons, where the network computes with waves. */
  readonly groups: readonly { readonly frequency: number; readonly neurons: readonly number[] }[];
  readonly predictions?: Predictions | undefined;
  /** SVG text by panel. */
  readonly figures: Readonly<Partial<Record<PanelName, readonly string[]>>>;
  /** What it computes with, in words: the sentence, what lies behind it, and what it leaves open. */
  readonly mechanism?:
    | { readonly sentence: string; readonly evidence: readonly Evidence[]; readonly notes: readonly string[] }
    | undefined;
  /** Why an analysis is missing, in a sentence. */
  readonly missing?: string | undefined;
}

export interface Evidence {
  readonly name: string;
  readonly value: number;
  readonly threshold: string;
  readonly holds: boolean;
}

/** The answers to examples: all of them, or the first where there are many. */
export interface Predictions {
  readonly total: number;
  /** Input of each example as text, its right answer, the network's, and whether it was trained on. */
  readonly rows: readonly PredictionRow[];
  /** What the two sets are called, where they are not the trained and the held-out half. */
  readonly names?: readonly [train: string, test: string] | undefined;
  /** For tasks on pairs: a p x p field, 0 absent, 1 train right, 2 train wrong, 3 test right, 4 test wrong. */
  readonly field?: { readonly p: number; readonly cells: Uint8Array } | undefined;
}

export interface PredictionRow {
  readonly input: string;
  readonly label: string;
  readonly predicted: string;
  readonly right: boolean;
  readonly train: boolean;
}

export type ExamineReply = { readonly type: "examined"; readonly examined: Examined; /** Milliseconds */ readonly took: number } | { readonly type: "failed"; readonly call: number; readonly message: string }; // prettier-ignore
