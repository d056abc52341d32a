import type { Tap } from "../../models/index.ts";
import { view } from "../../tensor/index.ts";
import type { LanguageModel } from "./language-model.ts";
import { ruleVerdict, type minimalPairs, type RuleScore } from "./rule.ts";

/** What taking one attention head out does to each rule. Plain JSON. */
export interface HeadEffect {
  readonly layer: number;
  readonly head: number;
  /** Change of the share of prefixes whose likeliest word is the rule's. */
  readonly hierarchical: number;
  readonly linear: number;
  /** Change of the mean margin of the hierarchical word over the linear one. */
  readonly margin: number;
}

/** Each head's output replaced by zeros, one head at a time, with everything else as it is. */
export function headEffects(
  model: LanguageModel,
  pairs: ReturnType<typeof minimalPairs>,
  whole: RuleScore = ruleVerdict(model, pairs),
): readonly HeadEffect[] {
  return Array.from({ length: model.nLayers * model.nHeads }, (_, i) => {
    const layer = Math.floor(i / model.nHeads);
    const head = i % model.nHeads;
    const without = ruleVerdict(model, pairs, withoutHead(layer, head));
    return {
      layer,
      head,
      hierarchical: without.hierarchical - whole.hierarchical,
      linear: without.linear - whole.linear,
      margin: without.margin - whole.margin,
    };
  });
}

/** Zeros for one head's z, `[nHeads, rows, dHead]`. */
const withoutHead =
  (layer: number, head: number): Tap =>
  (name, activation) => {
    if (name !== `blocks.${layer}.attn.z`) return activation;
    const [, rows, dHead] = activation.shape;
    view(activation).fill(0, head * rows * dHead, (head + 1) * rows * dHead);
    return activation;
  };
