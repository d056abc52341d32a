import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import Libsql from "libsql";
import { openFolderStore } from "../../src/runs/folder-store.ts";
import { newFolder } from "./folders.ts";
import { checkpointAt, evalAt, planOf, verdictOf } from "./samples.ts";

export const tenEvals = Array.from({ length: 10 }, (_, step) => evalAt(step));

/** A closed store with runs a … , each with ten evaluations and checkpoints at 4 and 9; the last one finished. */
export async function storeWith(...ids: string[]): Promise<string> {
  const folder = newFolder();
  const store = await openFolderStore(folder);
  for (const id of ids) {
    const claim = await store.claim(id, planOf());
    for (const e of tenEvals) await store.append(claim, [e]);
    for (const step of [4, 9]) await store.saveCheckpoint(claim, checkpointAt(step));
    if (id === ids.at(-1)) await store.finish(claim, { status: "finished", seconds: 1, verdict: verdictOf("grok") });
  }
  await store.close();
  return folder;
}

/** Opens a store and keeps what it warns of. */
export async function openNoting(folder: string) {
  const warnings: string[] = [];
  const store = await openFolderStore(folder, { onWarning: (message) => warnings.push(message) });
  return { store, warnings };
}

/** Overwrites part of a file in place. */
export function overwrite(path: string, at: number, length: number): void {
  const handle = openSync(path, "r+");
  writeSync(handle, new Uint8Array(length).fill(0x5a), 0, length, at);
  closeSync(handle);
}

/** Changes a store's database behind its back. */
export function execute(folder: string, sql: string): void {
  const database = new Libsql(join(folder, "groklab.db"));
  database.exec(sql);
  database.close();
}

/** Damages an index of the database, and no row of any table. */
export function damageIndex(folder: string): void {
  const path = join(folder, "groklab.db");
  const database = new Libsql(path);
  const found = database.prepare("select rootpage from sqlite_master where name = 'runs_label'").all([]);
  database.exec("pragma wal_checkpoint(truncate)"); // a page in the log would stand for the damaged one
  database.close();
  const [{ rootpage }] = found as [{ rootpage: number }];
  overwrite(path, (rootpage - 1) * 4096, 4096);
}
