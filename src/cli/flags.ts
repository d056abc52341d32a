import { Option } from "commander";
import { UsageError } from "../options.ts";
import { defaultStore } from "../runs/open-store.ts";
import { withoutPassword } from "../runs/passwords.ts";

export interface StoreFlag {
  /** Without a password: it is shown in many places, and `session.withPassword` gives the rest. */
  readonly store: string;
}
export interface JsonFlag {
  readonly json?: true;
}

export const storeOption = (help = "where runs are kept"): Option =>
  new Option("--store <WHERE>", help).argParser(withoutPassword).default(defaultStore);

export const jsonOption = (help: string): Option => new Option("--json", help);

/** For a flag that may be given several times. */
export const collected = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
];

export function wholeNumber(text: string, flag: string): number {
  const value = text.trim() === "" ? NaN : Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new UsageError(`${flag}: ${JSON.stringify(text)} is not allowed; give a whole number of at least 0`);
}

/** `90`, `90s`, `5min`, `2h`: a length of time in seconds. */
export function seconds(text: string, flag: string): number {
  const [, amount, unit = "s"] = /^(\d+(?:\.\d+)?|\.\d+)\s*(s|m|min|h)?$/.exec(text.trim()) ?? [];
  const value = Number(amount) * { s: 1, m: 60, min: 60, h: 3600 }[unit as "s"];
  if (value > 0 && Number.isFinite(value)) return value;
  throw new UsageError(`${flag}: ${JSON.stringify(text)} is not a length of time; give seconds, or 90s, 5min, 2h`);
}
