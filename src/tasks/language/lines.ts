import { quoted, UsageError } from "../../options.ts";
import { sequenceAt } from "../sequences.ts";
import { SentenceList, setNames, type Corpus, type Sentences, type SetName } from "./sentences.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** How a task's own lines look. */
export interface LineFormat {
  readonly vocabulary: Vocabulary;
  /** What stands between input and output: a tab; undefined: a line is one sequence. */
  readonly tab: boolean;
  /** A last word that is not part of the sequence. */
  readonly end?: string;
  /** Construction of a line. `input` are the words before the tab. @throws UsageError with what is wrong */
  readonly construction: (input: readonly string[], output: readonly string[]) => number;
}

/** One sign per word: the token counted from here. A 100,000-line file is then short enough to be part of a Plan. */
const firstSign = 0x100;
const setOfExtension: Readonly<Record<string, SetName>> = {
  train: "train",
  val: "validation",
  dev: "validation",
  gen: "generalization",
};

/**
 * The text of a data field for a file of lines, `question.train` or `tense.gen`: words with single spaces between them, a
 * tab between input and output. The name says which set it is: .train, .val or .dev, .gen.
 * @throws UsageError that names file, line and cause
 */
export function readLines(content: string, filename: string, format: LineFormat): string {
  const extension = /\.([a-z]+)(?:\.(?:txt|tsv))?$/i.exec(filename)?.[1]?.toLowerCase() ?? "";
  if (extension === "test") {
    throw new UsageError(
      `${filename}: a .test file is in-domain in one publication and generalization in another; rename it to .val or .gen`,
    );
  }
  if (!Object.hasOwn(setOfExtension, extension)) {
    throw new UsageError(`${filename}: end its name in .train, .val, .dev or .gen, which tells the set that it holds`);
  }
  const lines = content.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  if (lines.at(-1) === "") lines.pop();
  if (lines.length === 0) throw new UsageError(`${filename}: no lines`);
  const coded = lines.map((line, i) => {
    try {
      return codeLine(line, format);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw new UsageError(`${filename}, line ${i + 1}: ${error.message}`, { cause: error });
    }
  });
  return `${setOfExtension[extension]}:\n${coded.join("\n")}`;
}

function codeLine(line: string, { vocabulary, tab, end, construction }: LineFormat): string {
  if (line.trim() === "") throw new UsageError("it is empty");
  const parts = line.split("\t");
  if (tab && parts.length !== 2) {
    throw new UsageError(
      `${parts.length === 1 ? "no tab" : `${parts.length - 1} tabs`}; give one, between input and output`,
    );
  }
  if (!tab && parts.length !== 1) throw new UsageError("a tab; give one sequence");
  const words = parts.map((part) => {
    const found = part.trim().split(" ");
    if (found.includes("")) throw new UsageError("two spaces in a row, or an empty half");
    return found;
  });
  if (end !== undefined && words.at(-1)?.at(-1) === end) words.at(-1)?.pop();
  const tokens = words.flat().map(vocabulary.token);
  construction(words[0], words[1] ?? []);
  return String.fromCharCode(...tokens.map((token) => firstSign + token));
}

/**
 * The sets that a data field holds.
 * @throws UsageError where the text is not from `readLines`
 */
export function parseLines(
  text: string,
  where: string,
  { vocabulary: { words }, construction, tab }: LineFormat,
  splitAt: (tokens: readonly number[]) => number,
): Partial<Record<SetName, Sentences>> {
  const sets: Partial<Record<SetName, SentenceList>> = {};
  let list: SentenceList | undefined;
  for (const line of text.split("\n")) {
    const name = setNames.find((candidate) => line === `${candidate}:`);
    if (name !== undefined) {
      if (sets[name]) throw new UsageError(`${where}: two files for ${name}; give one`);
      list = sets[name] = new SentenceList();
      continue;
    }
    const tokens = Array.from(line, (sign) => sign.charCodeAt(0) - firstSign);
    if (!list || tokens.length === 0 || tokens.some((token) => !(token >= 1 && token < words.length))) {
      throw new UsageError(`${where}: ${quoted(line)} is not from a file of lines; give one with --data`);
    }
    const cut = tab ? splitAt(tokens) : tokens.length;
    const text = (part: readonly number[]) => part.map((token) => words[token]);
    list.add(tokens, construction(text(tokens.slice(0, cut)), text(tokens.slice(cut))));
  }
  return Object.fromEntries(Object.entries(sets).map(([name, found]) => [name, found.done()]));
}

/**
 * A drawn corpus with the sets that files brought in place of its own. Drawn sentences that a file has are left out.
 * `key` is what makes a sentence the same as another: its input.
 * @throws UsageError where two files share a sentence
 */
export function withSets(
  corpus: Corpus,
  given: Partial<Record<SetName, Sentences>>,
  key: (tokens: Int32Array) => string,
): Corpus {
  const setOf = new Map<string, SetName>();
  const keys = (sentences: Sentences): string[] =>
    Array.from(sentences.constructions, (_, i) => key(sequenceAt(sentences, i)));
  for (const name of setNames) {
    const found = given[name];
    if (!found) continue;
    keys(found).forEach((text, i) => {
      const other = setOf.get(text) ?? name;
      if (other !== name) throw new UsageError(`line ${i + 1} of the ${name} file is in the ${other} file, too`);
      setOf.set(text, name);
    });
  }
  const rest = (sentences: Sentences): Sentences => {
    const list = new SentenceList();
    keys(sentences).forEach((text, i) => {
      if (!setOf.has(text)) list.add(sequenceAt(sentences, i), sentences.constructions[i]);
    });
    return list.done();
  };
  const pick = (name: SetName): Sentences => given[name] ?? rest(corpus[name]);
  return {
    ...corpus,
    train: pick("train"),
    validation: pick("validation"),
    generalization: pick("generalization"),
  };
}
