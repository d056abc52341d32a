import { subjectOf, templateOfWords } from "../../tasks/language/constructions.ts";
import { wordsAt } from "../../tasks/language/sentences.ts";
import { countOf, sequenceAt, type ScoredSet, type SequenceInputs } from "../../tasks/index.ts";
import { rulesOfTask } from "./rule.ts";

/** What a language model was trained on, and what it is asked. Plain JSON. */
export interface LanguageSets {
  readonly trainSentences: number;
  /** Tokens of all training sentences, without SOS and EOS. */
  readonly trainTokens: number;
  /** Words of the vocabulary, without pad, EOS and SOS. */
  readonly words: number;
  readonly kinds: readonly SentenceKind[];
  readonly validation: QuestionSet;
  readonly generalization: QuestionSet;
}

/** Training sentences of one tag and construction; of brackets, all. */
export interface SentenceKind {
  /** The tag, where the task has any, and what modifies the subject: `quest pp`; of brackets the empty string. */
  readonly name: string;
  readonly sentences: number;
  readonly example: readonly string[];
}

export interface QuestionSet {
  readonly sentences: number;
  readonly questions: number;
  /** Questions that the task's two rules answer differently; null where it has no two rules. */
  readonly differ: number | null;
  readonly groups: readonly QuestionGroup[];
}

/** Questions of one construction. */
export interface QuestionGroup {
  readonly name: string;
  readonly questions: number;
  readonly differ: number | null;
  /** One of them, on which the rules differ where there is one; null where the network writes instead of choosing. */
  readonly example: AskedQuestion | null;
}

export interface AskedQuestion {
  /** What it reads before it is asked. */
  readonly before: readonly string[];
  readonly answer: string;
  readonly linear: string | null;
  readonly hierarchical: string | null;
}

/** Examples longer than this are shown only where there is none that is shorter. */
const handy = 24;

/** Sizes, kinds and examples of the sets of a task of sequences. Kinds and groups in the order of their size. */
export function languageSets(inputs: SequenceInputs, task: string): LanguageSets {
  const { train, words } = inputs;
  return {
    trainSentences: countOf(train),
    trainTokens: train.tokens.length,
    words: words.length - 1,
    kinds: kindsOf(inputs),
    validation: questionsOf(inputs, inputs.validation, task),
    generalization: questionsOf(inputs, inputs.generalization, task),
  };
}

function kindsOf({ train, words }: SequenceInputs): readonly SentenceKind[] {
  const kinds = new Map<string, { sentences: number; example: readonly string[] }>();
  for (let i = 0; i < countOf(train); i++) {
    const line = wordsAt(train, i, words);
    const name = kindOf(line);
    const kind = kinds.get(name);
    if (kind === undefined) kinds.set(name, { sentences: 1, example: line });
    else {
      kind.sentences++;
      if (kind.example.length > handy && line.length < kind.example.length) kind.example = line;
    }
  }
  return Array.from(kinds, ([name, kind]) => ({ name, ...kind })).sort((a, b) => b.sentences - a.sentences);
}

/** A sentence ends at its full stop; what follows it is the tag and what the network is to write. */
function kindOf(line: readonly string[]): string {
  const stop = line.indexOf(".");
  if (stop < 0) return "";
  const subject = subjectOf(templateOfWords(line.slice(0, stop)));
  return stop + 1 < line.length ? `${line[stop + 1]} ${subject}` : subject;
}

function questionsOf({ words }: SequenceInputs, { sequences, probes }: ScoredSet, task: string): QuestionSet {
  const { sequence, position, groups } = probes;
  const names = rulesOfTask[task];
  const choosing = probes.kind === "nextToken" ? probes : undefined;
  const answersOf = (name: string | undefined): Int32Array | undefined =>
    choosing?.rules?.find((rule) => rule.name === name)?.answers;
  const [linear, hierarchical] = [answersOf(names?.linear), answersOf(names?.hierarchical)];
  const differs = (i: number): boolean => linear !== undefined && hierarchical !== undefined && linear[i] !== hierarchical[i]; // prettier-ignore
  const word = (tokens: Int32Array | undefined, i: number): string | null => (tokens ? words[tokens[i]] : null);
  const asked = (i: number): AskedQuestion | null =>
    choosing === undefined
      ? null
      : {
          before: Array.from(sequenceAt(sequences, sequence[i]).subarray(0, position[i]), (token) => words[token]),
          answer: words[choosing.answers[i]],
          linear: word(linear, i),
          hierarchical: word(hierarchical, i),
        };
  const count = (of: readonly number[]): number | null =>
    linear === undefined || hierarchical === undefined ? null : of.filter(differs).length;
  const all = Array.from(sequence, (_, i) => i);
  const members = (groups?.names ?? ["all"]).map((name, g) => ({
    name,
    of: groups === undefined ? all : all.filter((i) => groups.of[i] === g),
  }));
  /** The rules first, then that it fits a page. */
  const telling = (of: readonly number[]): number => {
    const best = of.some(differs) ? of.filter(differs) : of;
    return best.find((i) => position[i] <= handy && position[i] > 1) ?? best[0];
  };
  return {
    sentences: countOf(sequences),
    questions: all.length,
    differ: count(all),
    groups: members
      .map(({ name, of }) => ({ name, questions: of.length, differ: count(of), example: asked(telling(of)) }))
      .sort((a, b) => b.questions - a.questions),
  };
}
