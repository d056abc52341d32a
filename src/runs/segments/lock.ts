import * as fs from "node:fs";
import { StoreError, storeError } from "../errors.ts";
import { freePath } from "../files.ts";
import { holderOf, leaseMs, ownerText } from "../lease.ts";
import type { ProcessIdentity } from "../process-identity.ts";

/** Who writes a segment: a file beside it, whose time its owner keeps moving on. */
export interface SegmentOwner {
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** Undefined where nobody does. */
export function readOwner(path: string): SegmentOwner | undefined {
  try {
    const { mtimeMs } = fs.statSync(path);
    return { text: fs.readFileSync(path, "utf8"), expires: mtimeMs + leaseMs };
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw storeError(error, path);
  }
}

/** A segment is written by another process. */
export class SegmentBusy extends StoreError {}

/**
 * Takes the right to write a segment. Only what network file systems do safely is used: making a file that must not
 * exist, and renaming one.
 * @throws SegmentBusy where another live process has it
 */
export function lockSegment(path: string, what: string, here: ProcessIdentity, now: () => number) {
  const text = ownerText(here);
  const held = readOwner(path);
  const busy = (holder: string): SegmentBusy =>
    new SegmentBusy(`${what} is being trained by ${holder}; wait for it to end, or stop it`);
  if (held) {
    const holder = holderOf({ owner: held.text, expires: held.expires }, here, now());
    if (holder !== undefined) throw busy(holder);
    const aside = freePath(`${path}.${globalThis.crypto.randomUUID()}`);
    try {
      fs.renameSync(path, aside);
    } catch (error) {
      if ((error as { code?: string }).code !== "ENOENT") throw storeError(error, path); // else another was faster
    }
    // Of two that saw the same dead owner one may have moved the other's new file: it goes back.
    const moved = readOwner(aside);
    if (moved && moved.text !== held.text) fs.renameSync(aside, path);
    else fs.rmSync(aside, { force: true });
  }
  try {
    fs.writeFileSync(path, text, { flag: "wx", flush: true });
  } catch (error) {
    if ((error as { code?: string }).code === "EEXIST") throw busy("another process, which was a moment faster");
    throw storeError(error, path);
  }
  const stillMine = (): boolean => readOwner(path)?.text === text;
  return {
    text,
    stillMine,
    renew: (): void => {
      if (stillMine()) fs.utimesSync(path, now() / 1000, now() / 1000);
    },
    release: (): void => {
      if (stillMine()) fs.rmSync(path, { force: true });
    },
  };
}
