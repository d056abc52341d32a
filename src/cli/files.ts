import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UsageError } from "../options.ts";
import { Failure, fileTrouble } from "./failures.ts";

/** Largest file that is read as an experiment or as data: beyond it is a mistake. */
const maxFileBytes = 64 * 2 ** 20;

/** The text of a file. @throws UsageError that names it */
export function readText(file: string, cwd: string): string {
  let content: Buffer;
  try {
    content = readAtMost(resolve(cwd, file), maxFileBytes + 1);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${fileTrouble(error) ?? (error as Error).message}`, { cause: error });
  }
  if (content.length > maxFileBytes)
    throw new UsageError(`${file} is too large: at most ${maxFileBytes} bytes are read`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    throw new UsageError(`${file} is not text in UTF-8`);
  }
}

/** Piece by piece, since a pipe or device does not tell its size. */
function readAtMost(path: string, most: number): Buffer {
  const descriptor = openSync(path, "r");
  try {
    const pieces: Buffer[] = [];
    let total = 0;
    while (total < most) {
      const piece = Buffer.alloc(Math.min(2 ** 16, most - total));
      const read = readSync(descriptor, piece);
      if (read === 0) break;
      pieces.push(piece.subarray(0, read));
      total += read;
    }
    return Buffer.concat(pieces);
  } finally {
    closeSync(descriptor);
  }
}

/** A place to write to. */
export interface Target {
  readonly path: string;
  /** As the user wrote it. */
  readonly shown: string;
  /** A device or pipe: written as it is, since renaming a file over it would destroy it. */
  readonly special: boolean;
}

/** Where a file is to be written; asked before the work that makes its content. @throws UsageError */
export function writableTarget(out: string, cwd: string, { force }: { readonly force: boolean }): Target {
  const wrong = (why: string) => new UsageError(`--out ${out}: ${why}`);
  const path = resolve(cwd, out);
  const stat = (place: string) => {
    try {
      return statSync(place, { throwIfNoEntry: false });
    } catch (error) {
      throw wrong(fileTrouble(error) ?? (error as Error).message);
    }
  };
  const there = stat(path);
  if (there?.isDirectory()) throw wrong("it is a folder; give a file in it");
  if (there && !there.isFile()) return { path, shown: out, special: true };
  if (there && !force) throw wrong("it exists; --force writes over it");
  // Under a plain file some versions of Node find nothing, others fail: ask about the folder itself.
  const folder = stat(dirname(path));
  if (folder && !folder.isDirectory()) throw wrong("a part of its path is not a folder");
  if (!folder) throw wrong(`there is no folder ${dirname(out)}; make it first`);
  return { path, shown: out, special: false };
}

/** Written beside its place, flushed, renamed: the file is whole or not there. @throws Failure that names it */
export function writeWhole({ path, shown, special }: Target, content: Uint8Array): void {
  const beside = special ? path : `${path}.${randomUUID().slice(0, 8)}.part`;
  try {
    const descriptor = openSync(beside, special ? "w" : "wx");
    try {
      for (let at = 0; at < content.length;) at += writeSync(descriptor, content, at);
      if (!special) fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (!special) renameSync(beside, path);
  } catch (error) {
    if (!special) rmSync(beside, { force: true });
    throw new Failure(`${shown} cannot be written: ${fileTrouble(error) ?? (error as Error).message}`, {
      cause: error,
    });
  }
}
