import { sequencesOf, type NextTokenProbes, type Sequences } from "../sequences.ts";

/** One question of a next-token probe. */
export interface Question {
  readonly sequence: number;
  /** Tokens read before it is asked. */
  readonly position: number;
  readonly answer: number;
  /** Its own allowed tokens, where they are not the same for all. */
  readonly choices?: readonly number[];
  readonly group?: string;
  /** What other rules answer, by name; the same names in every question. */
  readonly rules?: Readonly<Record<string, number>>;
}

/** Columns for these questions. `choices`: the allowed tokens of all; absent where each brings its own. */
export function nextTokenProbes(questions: readonly Question[], choices?: readonly number[]): NextTokenProbes {
  const column = (of: (question: Question) => number): Int32Array => Int32Array.from(questions, of);
  const names = Object.keys(questions[0]?.rules ?? {});
  return {
    kind: "nextToken",
    sequence: column(({ sequence }) => sequence),
    position: column(({ position }) => position),
    answers: column(({ answer }) => answer),
    choices: choices ? sequencesOf([choices]) : sequencesOf(questions.map((question) => question.choices ?? [])),
    ...(questions[0]?.group === undefined ? {} : { groups: grouped(questions.map(({ group = "" }) => group)) }),
    ...(names.length === 0
      ? {}
      : { rules: names.map((name) => ({ name, answers: column(({ rules }) => rules?.[name] ?? 0) })) }),
  };
}

/** Names in the order in which they first appear, and the number of each. */
export function grouped(of: readonly string[]): { names: readonly string[]; of: Int32Array } {
  const numbers = new Map<string, number>();
  const found = Int32Array.from(of, (name) => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
  return { names: [...numbers.keys()], of: found };
}

/** The sequences alone, without what they are examples of. */
export const bare = ({ tokens, offsets }: Sequences): Sequences => ({ tokens, offsets });
