import * as nodeFs from "node:fs";
import { basename, dirname, join } from "node:path";
import { exists } from "./process-identity.ts";

/** The calls that write files: an argument, so that a test can let a disk be full. */
export type FileSystem = Pick<
  typeof nodeFs,
  "mkdirSync" | "openSync" | "writeSync" | "fsyncSync" | "closeSync" | "renameSync" | "rmSync"
>;
export const realFiles: FileSystem = nodeFs;

/**
 * Writes a file whole or not at all: to a temporary file, flushed, renamed into place, the folder flushed, so that it
 * survives a power cut on return.
 * @param temporary a folder on the same disk
 */
export function writeWhole(fs: FileSystem, path: string, bytes: Uint8Array, temporary: string): void {
  const unfinished = join(temporary, `${basename(path)}.${process.pid}.${globalThis.crypto.randomUUID()}.tmp`);
  try {
    const file = fs.openSync(unfinished, "wx");
    try {
      for (let at = 0; at < bytes.length;) at += fs.writeSync(file, bytes, at);
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
    makeFolder(fs, dirname(path));
    fs.renameSync(unfinished, path);
  } catch (error) {
    fs.rmSync(unfinished, { force: true });
    throw error;
  }
  flushFolder(fs, dirname(path));
}

/** A rename is only on the disk once its folder is. Windows flushes folders by itself and lets nobody open them. */
function flushFolder(fs: FileSystem, folder: string): void {
  if (process.platform === "win32") return;
  const handle = fs.openSync(folder, "r");
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

/** Makes a folder and those above it. Node's own recursive call never returns where /proc refuses a folder. */
export function makeFolder(fs: FileSystem, folder: string): void {
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "EEXIST" && nodeFs.statSync(folder).isDirectory()) return;
    if (code !== "ENOENT" || dirname(folder) === folder || nodeFs.existsSync(dirname(folder))) throw error;
    makeFolder(fs, dirname(folder));
    makeFolder(fs, folder);
  }
}

const minute = 60_000;

/** Removes what killed processes left unfinished, and nothing that another one may still be writing. */
export function removeLeftovers(temporary: string, now: number): void {
  for (const name of listFolder(temporary)) {
    const pid = Number(/\.(\d+)\.[^.]+\.tmp$/.exec(name)?.[1] ?? 0);
    const path = join(temporary, name);
    const age = now - (nodeFs.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now);
    // A process number says nothing of other machines that share the folder: their files get an hour.
    if (age > 60 * minute || (age > minute && pid > 0 && !exists(pid))) nodeFs.rmSync(path, { force: true });
  }
}

/** Names in a folder; none where there is no folder. */
export function listFolder(folder: string): readonly string[] {
  try {
    return nodeFs.readdirSync(folder);
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return [];
    throw error;
  }
}

/** The path itself, or with a number behind it where that is taken. */
export function freePath(path: string): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? path : `${path}-${n}`;
    if (!nodeFs.existsSync(candidate)) return candidate;
  }
}
