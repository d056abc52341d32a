import { appendFileSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

// Between a database that is set aside and the end of the recovery from it the process may be killed. The new database
// does not show that; this file beside it does, until all is recovered: the names of what was set aside, one a line.
const marker = (file: string): string => `${file}.recovering`;

/** Remembers that the database is to be recovered. @param aside from there, where anything was set aside; else from checkpoints alone */
export function beginRecovery(file: string, aside?: string): void {
  appendFileSync(marker(file), aside === undefined ? "" : `${basename(aside)}\n`, { flush: true });
}

/** What was set aside and may not be recovered yet, or undefined where no recovery was begun. */
export function unfinishedRecovery(file: string): readonly string[] | undefined {
  try {
    const names = readFileSync(marker(file), "utf8").split("\n");
    return names.filter((name) => name !== "").map((name) => join(dirname(file), name));
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
}

export function endRecovery(file: string): void {
  rmSync(marker(file), { force: true });
}
