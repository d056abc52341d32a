import type { AskedQuestion, LanguageSets, QuestionGroup, QuestionSet } from "../../analyses/language/sets.ts";
import { rulesOfTask } from "../../analyses/language/rule.ts";
import type { Plan } from "../../train/experiment.ts";
import { constructionWords } from "./construction-words.ts";
import { counted, example, list, number, paragraph, percent, strong, subsection, table, text, together, whole, type Html } from "./html.ts"; // prettier-ignore
import { updates } from "./setting.ts";

/** What the two rules of a task say. */
export const rulesInWords: Readonly<Record<string, { readonly linear: string; readonly hierarchical: string }>> = {
  "question-formation": {
    linear: "the first auxiliary of the sentence moves to the front",
    hierarchical: "the auxiliary of the main clause moves to the front",
  },
  "tense-inflection": {
    linear: "the verb agrees with the noun that stands nearest before it",
    hierarchical: "the verb agrees with its subject",
  },
};
/** Agreement asks for the same verbs without the past. */
export const rulesFor = (task: string) => rulesInWords[task === "agreement" ? "tense-inflection" : task];

const goals: Readonly<Record<string, string>> = {
  "question-formation":
    "After a declarative and the tag quest comes its question, after the tag decl the sentence again. Which auxiliary does a question begin with?",
  "tense-inflection":
    "After a sentence in the past and the tag PRESENT comes the same sentence in the present, after the tag PAST the sentence again. Which form does the main verb take?",
  agreement: "The sentences are in the present. Which form does the main verb take?",
};

export interface LanguageSetting {
  readonly plan: Plan;
  readonly sets: LanguageSets;
  /** Absent: how they were trained is not known. */
  readonly trained: boolean;
  /** What was left out of a file of weights, one line each. */
  readonly notes?: readonly string[] | undefined;
}

/** The task in a sentence or two, the network, the sets with their sizes and an example of each kind, and the two rules. */
export function languageSetting({ plan, sets, trained, notes = [] }: LanguageSetting): readonly Html[] {
  const { name } = plan.task;
  const brackets = `The strings are balanced brackets of ${whole(Number(plan.task["k"]))} types, at most ${whole(Number(plan.task["m"]))} open at once. Which bracket closes next?`;
  const goal = name === "dyck" ? brackets : (goals[name] ?? `The task is ${name}.`);
  const read = "A language model reads word by word, and at each word says what comes next; nobody tells it a rule.";
  return [
    paragraph(text(`${read} ${goal}`)),
    paragraph(
      text(trained ? `${network(plan)} ${updates(plan, batch(plan))}` : `${network(plan)} The weights come from elsewhere: how they were trained is not known here, and they were measured on the sets below.`), // prettier-ignore
    ),
    notes.length === 0 ? "" : list(notes.map(text)),
    ...sizes(sets, trained),
    ...kinds(sets, trained),
    ...questions(name, plan, sets),
  ];
}

function network({ model }: Plan): string {
  const { nLayers, nHeads, dModel, mlpRatio } = model as Readonly<Record<string, number>>;
  return `Its network is a transformer: ${counted(nLayers, "layer")} of width ${whole(dModel)} with ${counted(nHeads, "attention head")} and ${whole(Math.round(dModel * mlpRatio))} feed-forward neurons each.`;
}

const batch = ({ training }: Plan): string => counted(Number(training["batchSize"]), "sentence");

function sizes(sets: LanguageSets, trained: boolean): readonly Html[] {
  const { validation, generalization } = sets;
  const row = (name: string, { sentences, questions, differ }: QuestionSet): readonly Html[] => [
    text(name),
    text(whole(sentences)),
    text(whole(questions)),
    text(differ === null ? "–" : whole(differ)),
  ];
  return [
    table(
      [{ title: "set" }, column("sentences"), column("questions"), column("rules differ in")],
      [
        [text(trained ? "trained on" : "for training"), text(whole(sets.trainSentences)), "–", "–"],
        row("in-domain: others like those", validation),
        row("generalization: a kind that is withheld", generalization),
      ],
    ),
    paragraph(
      text(
        `The vocabulary has ${counted(sets.words, "word")}; a training sentence has ${number(sets.trainTokens / sets.trainSentences)} on average. Accuracy is that of the questions about the other two sets.`,
      ),
    ),
  ];
}

/** At most so many words of an example are shown. */
const mostWords = 30;
const shown = (words: readonly string[], end: "start" | "end"): Html =>
  words.length <= mostWords
    ? example(words.join(" "))
    : example(end === "start" ? `${words.slice(0, mostWords).join(" ")} …` : `… ${words.slice(-mostWords).join(" ")}`);

function kinds({ kinds: all, trainSentences }: LanguageSets, trained: boolean): readonly Html[] {
  return [
    subsection(
      trained ? "What it was shown, one sentence of each kind" : "Training sentences of this task, one of each kind",
      table(
        [{ title: "kind" }, column("share"), { title: "such as" }],
        all.map(({ name, sentences, example: of }) => [
          text(constructionWords(name)),
          text(percent(sentences / trainSentences)),
          shown(of, "start"),
        ]),
      ),
    ),
  ];
}

function questions(task: string, plan: Plan, { validation, generalization }: LanguageSets): readonly Html[] {
  const [names, words] = [rulesOfTask[task], rulesFor(task)];
  if (names === undefined || generalization.differ === null) {
    return [subsection("What it is asked", examples(generalization.groups, false))];
  }
  const told = Number(plan.task["disambiguating"] ?? 0);
  const where = [
    `In-domain they give different answers to ${whole(validation.differ ?? 0)} of ${whole(validation.questions)} questions, on the generalization set to ${whole(generalization.differ)} of ${whole(generalization.questions)}.`,
    told > 0
      ? ` Of the training sentences a share of ${percent(told)} tells them apart, by the ${String(plan.task["disambiguatingRule"])} rule.`
      : "",
    validation.differ === 0 && told === 0 ? " So training leaves open which of the two to follow." : "",
  ];
  return [
    subsection(
      "Two rules, and where they differ",
      list([
        `${strong(`The linear rule, ${names.linear}`)}${text(`: ${words.linear}.`)}`,
        `${strong(`The hierarchical rule, ${names.hierarchical}`)}${text(`: ${words.hierarchical}. It is the one that counts as right.`)}`, // prettier-ignore
      ]),
      paragraph(text(where.join(""))),
      examples(
        generalization.groups.filter(({ differ }) => differ !== 0),
        true,
      ),
    ),
  ];
}

/** One question of each construction, with what each rule answers. */
function examples(groups: readonly QuestionGroup[], rules: boolean): Html {
  const answers = (asked: AskedQuestion): readonly Html[] =>
    (rules ? [asked.linear ?? "", asked.hierarchical ?? ""] : [asked.answer]).map(together);
  return table(
    [
      { title: "construction" },
      column(rules ? "rules differ in" : "questions"),
      { title: "after" },
      ...(rules ? [{ title: "linear rule" }, { title: "tree rule" }] : [{ title: "right" }]),
    ],
    groups.map(({ name, questions: asked, differ, example: of }) => [
      text(constructionWords(name)),
      text(whole(rules ? (differ ?? 0) : asked)),
      ...(of === null ? ["", ...(rules ? ["", ""] : [""])] : [shown(of.before, "end"), ...answers(of)]),
    ]),
  );
}

const column = (title: string) => ({ title, number: true });
