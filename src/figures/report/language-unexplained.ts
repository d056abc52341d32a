import type { LanguageExplanation } from "../../analyses/language/explain-language.ts";
import { rulesOfTask, type RuleScore } from "../../analyses/language/rule.ts";
import { constructionWords } from "./construction-words.ts";
import { counted, list, number, percent, text, whole, type Html } from "./html.ts";

/** What the analyses leave open about this network, a sentence each. */
export function languageUnexplained(explanation: LanguageExplanation): Html {
  return list([...constructions(explanation), ...training(explanation), ...inside(explanation)].map(text));
}

/** Constructions in which it does not follow the hierarchical rule, or not the one it follows on the whole. */
function constructions({ rule, task }: LanguageExplanation): readonly string[] {
  if (rule === null) {
    return [`By what rule it answers: ${task} has no two rules to tell apart, so its accuracy is all that is known.`];
  }
  const names = rulesOfTask[task];
  const does = ({ label }: RuleScore): string | undefined => {
    if (label === "mixed") return "it follows neither rule throughout";
    if (label === "neither") return "another word than either rule's is most often the likeliest";
    if (label === "linear") return `it follows the linear rule, ${names.linear}`;
    return rule.label === "hierarchical" ? undefined : `it follows the hierarchical rule, ${names.hierarchical}, and on the whole it does not`; // prettier-ignore
  };
  return rule.constructions.flatMap((row) => {
    const what = does(row);
    return what === undefined
      ? []
      : `Why in ${row.name} (${constructionWords(row.name)}) ${what}: it prefers the tree rule's word in ${percent(row.preference)} of ${counted(row.pairs, "pair")}.`;
  });
}

function training({ sets, rule, generalization, inDomain, course }: LanguageExplanation): readonly string[] {
  const { validation } = sets;
  const { firstCrossing, shareAbove, readings } = generalization;
  return [
    ...(rule !== null && validation.differ === 0
      ? [`Why training led to this and not to the other rule: both answer all ${whole(validation.questions)} in-domain questions alike.`] // prettier-ignore
      : []),
    ...(course.length > 1 && firstCrossing !== null && shareAbove !== null && shareAbove < 1
      ? [`Why its generalization falls below 80 % again: it first reached that at step ${whole(firstCrossing)}, and only ${percent(shareAbove)} of the readings from there on do.`] // prettier-ignore
      : []),
    ...(readings > 0 && inDomain.final < 0.99
      ? [`What it gets wrong in-domain, where it answers ${percent(inDomain.final)} rightly.`]
      : []),
  ];
}

function inside({ rule, heads, trees }: LanguageExplanation): readonly string[] {
  const [first] = [...heads].sort((a, b) => Math.abs(b.margin) - Math.abs(a.margin));
  const { parseval } = trees;
  return [
    ...(rule !== null && first !== undefined && Math.abs(first.margin) < Math.abs(rule.margin)
      ? [`How its heads work together: no single one carries the answers. Taking out layer ${first.layer}, head ${first.head}, which matters most, moves the mean margin of the tree rule by ${number(first.margin)}; the margin is ${number(rule.margin)}.`] // prettier-ignore
      : []),
    ...(parseval !== null && parseval.greedy <= parseval.rightBranching
      ? [`How sentences are structured in its states: the brackets projected from them are no more like the grammar's (${percent(parseval.greedy)}) than right-branching ones (${percent(parseval.rightBranching)}).`] // prettier-ignore
      : []),
    "What its feed-forward layers and its word vectors contribute was not looked at.",
  ];
}
