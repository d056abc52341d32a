import { CommanderError } from "commander";
import { UsageError } from "../options.ts";
import { oneLine } from "./render/text.ts";

/** The work was asked for rightly and did not succeed: one line, exit 1. */
export class Failure extends Error {
  override name = "Failure";
}

export const exitCodes = { ok: 0, failed: 1, usage: 2 } as const;

/** Errors whose message is written for the person who meets them. Known by name: they come from several rooms. */
const spoken = new Set([
  "Failure",
  "BusyError",
  "DamagedError",
  "StoreError",
  "MemoryError",
  "FormatError",
  "QueueError",
  "OtherVersion",
]);

/** What to print of an error, on one line, and the exit code. */
export function explain(error: unknown): { readonly message: string; readonly code: number; readonly known: boolean } {
  if (error instanceof UsageError || error instanceof CommanderError) {
    return { message: oneLine(error.message), code: exitCodes.usage, known: true };
  }
  const { name = "", message = String(error) } = error as Partial<Error>;
  if (spoken.has(name)) return { message: oneLine(message), code: exitCodes.failed, known: true };
  const said = oneLine(`${name === "Error" || name === "" ? "" : `${name}: `}${message}`);
  return { message: `unexpected error: ${said}; --debug prints the stack`, code: exitCodes.failed, known: false };
}

/** Why a file cannot be used, in words, for the system's error codes; undefined for other errors. */
export function fileTrouble(error: unknown): string | undefined {
  const words: Readonly<Record<string, string>> = {
    ENOENT: "it does not exist",
    EISDIR: "it is a folder",
    ENOTDIR: "a part of its path is not a folder",
    EACCES: "not permitted to this user",
    EPERM: "not permitted to this user",
    EROFS: "the file system is read-only",
    ENOSPC: "no space is left",
    EDQUOT: "the disk quota is used up",
    EFBIG: "it would be too large for the file system",
    ENAMETOOLONG: "the name is too long",
    ELOOP: "its links go round in a circle",
    EMFILE: "too many files are open",
    EIO: "the disk failed",
    ERR_INVALID_ARG_VALUE: "that is not a file name",
  };
  return words[(error as { code?: string } | null)?.code ?? ""];
}
