import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { UsageError } from "../../options.ts";
import { fileTrouble } from "../failures.ts";

/** The folder of a report. @throws UsageError where there is one already and writing over it was not asked for */
export function reportFolder(out: string, cwd: string, { force = false }: { readonly force?: boolean }): string {
  const wrong = (why: string): UsageError => new UsageError(`--out ${out}: ${why}`);
  const folder = resolve(cwd, out);
  const stat = (place: string) => {
    try {
      return statSync(place, { throwIfNoEntry: false });
    } catch (error) {
      throw wrong(fileTrouble(error) ?? (error as Error).message);
    }
  };
  const there = stat(folder);
  if (there && !there.isDirectory()) throw wrong("it is not a folder; give one, or one to make");
  if (stat(join(folder, "report.html")) && !force) throw wrong("it has a report already; --force writes over it");
  return folder;
}
