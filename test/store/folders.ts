import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** A new empty folder for one test, removed after all of the file's. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "groklab-test-"));
  made.push(folder);
  return folder;
}
const made: string[] = [];
afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })));
