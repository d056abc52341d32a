import type { Eval } from "../train/eval.ts";
import type { Plan } from "../train/experiment.ts";
import type { Verdict } from "../verdict/index.ts";
import type { BitNetwork } from "./bit-network.ts";
import type { Course } from "./course.ts";
import type { BitExplanation } from "./explain-bits.ts";
import type { NetworkExplanation } from "./explain-network.ts";
import type { Evidence } from "./mechanism.ts";
import type { Network } from "./network.ts";

/** Everything that the analyses say of one network. Plain JSON. */
export type Explanation = NetworkExplanation | BitExplanation;

/** Where an explained network comes from. Plain JSON. */
export type Source =
  | {
      readonly kind: "run";
      readonly id: string;
      readonly plan: Plan;
      readonly verdict: Verdict;
      /** The checkpoint that was explained. */
      readonly step: number;
      /** Checkpoints that the progress measures were taken at. */
      readonly checkpoints: readonly number[];
    }
  | {
      readonly kind: "weights";
      readonly file: string;
      /** Which array was read as what. */
      readonly reading: string;
      /** Where the training pairs come from, in words. */
      readonly split: string;
      /** Where the split was looked for in the network's own answers: what there is for it. */
      readonly splitEvidence: readonly Evidence[];
    };

/** An explanation with what it was made from: what a report draws. */
export type Explained =
  | {
      readonly source: Source;
      readonly evals: readonly Eval[];
      readonly explanation: NetworkExplanation;
      readonly network: Network;
      readonly course: Course | undefined;
    }
  | {
      readonly source: Source;
      readonly evals: readonly Eval[];
      readonly explanation: BitExplanation;
      readonly network: BitNetwork;
      readonly course: Course<BitNetwork> | undefined;
    };
