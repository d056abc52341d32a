import type { LanguageExplanation } from "../../analyses/language/explain-language.ts";
import type { RuleLabel } from "../../analyses/language/rule.ts";
import type { Eval } from "../../train/eval.ts";
import type { Verdict } from "../../verdict/index.ts";
import { percent, text, whole, type Html } from "./html.ts";
import { rulesFor } from "./language-setting.ts";

export interface Summary {
  readonly explanation: LanguageExplanation;
  readonly evals: readonly Eval[];
  /** Of runs. */
  readonly verdict?: Verdict | undefined;
}

/** The whole story in two or three sentences. */
export function languageLead({ explanation, verdict }: Summary): Html {
  const { rule, task } = explanation;
  const words = rulesFor(task);
  const known: Readonly<Record<RuleLabel, string>> = {
    hierarchical: `Where the two rules differ, the network goes by the structure of the sentence: ${words?.hierarchical}.`,
    linear: `Where the two rules differ, the network goes by the order of the words: ${words?.linear}.`,
    mixed: "Where the two rules differ, the network follows neither of them throughout.",
    neither: "Where the two rules differ, the network most often answers by neither of them.",
  };
  const others = rule?.constructions.filter(({ label }) => label !== rule.label).length ?? 0;
  return text(
    [
      rule === null || words === undefined ? "The network was asked what comes next, on sentences like those of its training and on others." : known[rule.label], // prettier-ignore
      rule === null || others === 0 ? "" : `That is so on the whole: ${others} of ${rule.constructions.length} constructions come out another way.`, // prettier-ignore
      verdict === undefined ? "" : when(verdict),
    ]
      .filter((sentence) => sentence !== "")
      .join(" "),
  );
}

function when({ fitStep, generalizeStep }: Verdict): string {
  if (fitStep === null) return "It did not come to know the in-domain sentences.";
  const first = `It knew the in-domain sentences at step ${whole(fitStep)}`;
  return generalizeStep === null
    ? `${first}, and the generalization set at no step.`
    : `${first}, and the generalization set at step ${whole(generalizeStep)}.`;
}

/** The numbers at the top of the page. Those of evaluations are up to the step that is explained. */
export function languageFacts({ explanation, evals, verdict }: Summary): readonly (readonly [string, string])[] {
  const { rule, generalization, inDomain } = explanation;
  const at = (step: number | null): string => (step === null ? "never" : whole(step));
  const followed = rule === null ? [] : ([["rule it follows", rule.label === "hierarchical" ? "tree" : rule.label], ["prefers the tree rule", percent(rule.preference)]] as const); // prettier-ignore
  if (verdict === undefined) {
    const [measured] = evals;
    return [...followed, ["in-domain", percent(measured.train.accuracy)], ["generalization", percent(measured.test.accuracy)]]; // prettier-ignore
  }
  const all: (readonly [string, string])[] = [
    ["what the run did", verdict.label],
    ["fitted at step", at(verdict.fitStep)],
    ["generalized at step", at(verdict.generalizeStep)],
    ...followed,
    ["in-domain, last", percent(inDomain.final)],
    ["generalization 80 % first at step", at(generalization.firstCrossing)],
    ["generalization, greatest", percent(generalization.max)],
    ["generalization, last", percent(generalization.final)],
  ];
  return all.filter(([, value]) => value !== "none");
}
