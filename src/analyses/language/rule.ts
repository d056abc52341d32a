import { untapped, type Tap } from "../../models/index.ts";
import { countOf, sequenceAt, type NextTokenProbes, type SequenceInputs } from "../../tasks/index.ts";
import { readAll, type LanguageModel } from "./language-model.ts";

/** The two rules of each task: what the linear one and the hierarchical one are called. */
export const rulesOfTask: Readonly<Record<string, { readonly linear: string; readonly hierarchical: string }>> = {
  "question-formation": { linear: "move-first", hierarchical: "move-main" },
  "tense-inflection": { linear: "agree-recent", hierarchical: "agree-subject" },
  agreement: { linear: "agree-recent", hierarchical: "agree-subject" },
};

export type RuleLabel = "linear" | "hierarchical" | "mixed" | "neither";

/** Which rule a network follows on sentences where the two differ. Plain JSON. */
export interface RuleScore {
  /** Minimal pairs: the same prefix, and the two words that the rules go on with. */
  readonly pairs: number;
  /** Share of pairs of which the hierarchical rule's word is likelier. */
  readonly preference: number;
  /** Mean of its logit less the other's. */
  readonly margin: number;
  /** Share of prefixes of which a rule's word is the likeliest of all that could stand there. */
  readonly hierarchical: number;
  readonly linear: number;
  readonly label: RuleLabel;
}

export interface RuleVerdict extends RuleScore {
  readonly constructions: readonly ({ readonly name: string } & RuleScore)[];
}

/** A rule is followed from this share of its pairs on; between the two it is mixed. */
export const followed = 0.8;

/**
 * hierarchical: prefers that rule's word in at least 80 % of the pairs; linear: in at most 20 %; mixed: between; neither:
 * in more than half of the prefixes another word than the two is likeliest.
 */
export function ruleLabel({ preference, hierarchical, linear }: Omit<RuleScore, "label">): RuleLabel {
  if (hierarchical + linear < 0.5) return "neither";
  if (preference >= followed) return "hierarchical";
  return preference <= 1 - followed ? "linear" : "mixed";
}

/** One minimal pair. */
interface Pair {
  readonly tokens: Int32Array;
  readonly linear: number;
  readonly hierarchical: number;
  readonly choices: Int32Array;
  readonly group: string;
}

/** The first probes of the generalization set on which the rules differ, at most `count`. */
export function minimalPairs(inputs: SequenceInputs, task: string, count: number): readonly Pair[] {
  const names = rulesOfTask[task];
  const { sequences, probes } = inputs.generalization;
  if (names === undefined || probes.kind !== "nextToken") return [];
  const answersOf = (name: string): Int32Array | undefined => probes.rules?.find((rule) => rule.name === name)?.answers;
  const linear = answersOf(names.linear);
  const hierarchical = answersOf(names.hierarchical);
  if (!linear || !hierarchical) return [];
  const pairs: Pair[] = [];
  for (let i = 0; i < linear.length && pairs.length < count; i++) {
    if (linear[i] === hierarchical[i]) continue;
    pairs.push({
      tokens: sequenceAt(sequences, probes.sequence[i]).subarray(0, probes.position[i]),
      linear: linear[i],
      hierarchical: hierarchical[i],
      choices: allowed(probes, i),
      group: probes.groups?.names[probes.groups.of[i]] ?? "all",
    });
  }
  return pairs;
}

const allowed = ({ choices }: NextTokenProbes, i: number): Int32Array =>
  sequenceAt(choices, countOf(choices) === 1 ? 0 : i);

/** Which rule the network follows, in all and by construction. `tap` can ablate. */
export function ruleVerdict(model: LanguageModel, pairs: readonly Pair[], tap: Tap = untapped): RuleVerdict {
  const found: Answer[] = [];
  const { vocabSize } = model.inputs;
  readAll(model, pairs, "last", tap, ({ batch, logits, from }) => {
    for (let i = 0; i < batch.n; i++) {
      const { linear, hierarchical, choices, group } = pairs[from + i];
      const at = (token: number): number => logits[i * vocabSize + token];
      const best = choices.reduce((a, b) => (at(b) > at(a) ? b : a), choices[0]);
      found.push({ group, margin: at(hierarchical) - at(linear), best, linear, hierarchical });
    }
  });
  const groups = [...new Set(found.map(({ group }) => group))];
  return {
    ...scoreOf(found),
    constructions: groups.map((name) => ({ name, ...scoreOf(found.filter(({ group }) => group === name)) })),
  };
}

interface Answer {
  readonly group: string;
  readonly margin: number;
  readonly best: number;
  readonly linear: number;
  readonly hierarchical: number;
}

function scoreOf(answers: readonly Answer[]): RuleScore {
  const share = (of: (answer: Answer) => boolean): number => answers.filter(of).length / answers.length;
  const score = {
    pairs: answers.length,
    preference: share(({ margin }) => margin > 0),
    margin: answers.reduce((sum, { margin }) => sum + margin, 0) / answers.length,
    hierarchical: share(({ best, hierarchical }) => best === hierarchical),
    linear: share(({ best, linear }) => best === linear),
  };
  return { ...score, label: ruleLabel(score) };
}
