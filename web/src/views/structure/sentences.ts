/** A binary tree over the words of a sentence: a word's place, or two subtrees. */
export type Tree = number | readonly [Tree, Tree];

/** One sentence as a network sees it. */
export interface SentenceRow {
  /** The run, and the step of its weights. */
  readonly run: string;
  readonly step: number;
  readonly words: readonly string[];
  /** Attention of each layer's heads: from each row (SOS, then the words) to each earlier one, `[layers][heads][n][n]`. */
  readonly attention: readonly (readonly (readonly (readonly number[])[])[])[];
  readonly projected: Tree;
  readonly gold: Tree;
}

/** Sentences, words, layers, heads and rows that a page draws at most. */
const most = { sentences: 200, words: 64, layers: 24, heads: 32 } as const;

/** Rows from a file that came from anywhere. @throws Error in one sentence */
export function readSentences(data: unknown): readonly SentenceRow[] {
  if (!Array.isArray(data) || data.length > most.sentences) {
    throw new Error(`sentences: not a list of at most ${most.sentences}`);
  }
  return data.map((row: unknown, i) => readSentence(row, `sentence ${i + 1}`));
}

function readSentence(row: unknown, what: string): SentenceRow {
  if (typeof row !== "object" || row === null) throw new Error(`${what}: not an object`);
  const { run, step, words, attention, projected, gold } = row as Record<string, unknown>;
  if (typeof run !== "string" || run.length > 200 || !Number.isSafeInteger(step)) {
    throw new Error(`${what}: names no run and step`);
  }
  const isWord = (word: unknown): word is string => typeof word === "string" && word.length <= 60;
  if (!Array.isArray(words) || words.length === 0 || words.length > most.words || !words.every(isWord)) {
    throw new Error(`${what}: no list of at most ${most.words} words`);
  }
  const list: readonly string[] = words;
  return {
    ...{ run, step: step as number, words: list },
    attention: readAttention(attention, list.length + 1, what),
    projected: readTree(projected, list.length, `${what}: projected tree`),
    gold: readTree(gold, list.length, `${what}: gold tree`),
  };
}

function readAttention(data: unknown, rows: number, what: string): SentenceRow["attention"] {
  const list = (value: unknown, length: number, exact: boolean): readonly unknown[] => {
    if (Array.isArray(value) && (exact ? value.length === length : value.length <= length)) return value;
    throw new Error(`${what}: attention is not [layers][heads][${rows}][${rows}]`);
  };
  return list(data, most.layers, false).map((layer) =>
    list(layer, most.heads, false).map((head) =>
      list(head, rows, true).map((row) =>
        list(row, rows, true).map((value) => (typeof value === "number" && value >= 0 ? Math.min(1, value) : 0)),
      ),
    ),
  );
}

/** Words from left to right, each once. */
function readTree(data: unknown, words: number, what: string): Tree {
  let next = 0;
  const read = (node: unknown, depth: number): Tree => {
    if (node === next) {
      next += 1;
      return node;
    }
    if (!Array.isArray(node) || node.length !== 2 || depth > words) throw new Error(`${what}: not a binary tree`);
    return [read(node[0], depth + 1), read(node[1], depth + 1)];
  };
  const tree = read(data, 0);
  if (next !== words) throw new Error(`${what}: over ${next} words instead of ${words}`);
  return tree;
}
