import { UsageError } from "../../options.ts";
import { count } from "../render/numbers.ts";
import type { ChosenSweep } from "../sweep-choice.ts";

/** What a script for an array of jobs is made from. */
export interface ArrayJob {
  readonly chosen: ChosenSweep;
  /** How groklab is typed here. */
  readonly program: readonly string[];
  /** What follows it, without its part: `sweep`, the sweep, flags. */
  readonly command: readonly string[];
  readonly shards: number;
  /** Threads of each part. */
  readonly workers: number;
  /** The sweep's own file, where it is one: its name in the command, and its text. */
  readonly file?: { readonly name: string; readonly text: string };
}

/** A text as one word of a shell. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

export const shellWords = (words: readonly string[]): string => words.map(shellWord).join(" ");

/** A name that every scheduler takes: lower-case letters, digits and hyphens, at most 50. */
export const jobName = ({ name }: ChosenSweep): string => {
  const plain = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return `groklab-${plain}`.slice(0, 50).replace(/-+$/, "");
};

/** `quick: 30 runs in 4 parts`, on one line whatever the sweep is called. */
export const whatItDoes = ({ chosen, shards }: ArrayJob): string =>
  `${chosen.name.replace(/[^\x20-\x7e]/g, "?")}: ${count(chosen.expansion.runs.length, "run")} in ${count(shards, "part")}`;

/** The script reads the password from here. */
export const secretHint = "the password is not written here: set PGPASSWORD where this runs";

/** @throws UsageError for a command that cannot be written down */
export function checkWords(words: readonly string[]): void {
  const odd = words.find((word) => /[\0\n\r]/.test(word));
  if (odd !== undefined) throw new UsageError(`--emit: ${JSON.stringify(odd.slice(0, 60))} holds a line break`);
}
