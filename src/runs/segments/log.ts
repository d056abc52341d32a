import * as fs from "node:fs";
import { DamagedError, storeError } from "../errors.ts";
import { decodeEvent, encodeEvent, type SegmentEvent } from "./events.ts";

/** An event with the place behind it in the file. */
export interface Logged {
  readonly event: SegmentEvent;
  readonly end: number;
}

const chunkBytes = 1 << 20;
const newline = 0x0a;

/**
 * The events of a segment from a place in its file on. What follows the last newline is left out: its writer is at work
 * on it, or was killed.
 * @param onDamage gets an error that names file and place for each line that is not as it was written; it is left out
 */
export function* readEvents(path: string, from: number, onDamage: (error: DamagedError) => void): Generator<Logged> {
  const file = fs.openSync(path, "r");
  try {
    let rest = Buffer.alloc(0);
    let at = from;
    for (let read = from; ;) {
      const chunk = Buffer.alloc(chunkBytes);
      const length = fs.readSync(file, chunk, 0, chunkBytes, read);
      if (length === 0) return;
      read += length;
      rest = Buffer.concat([rest, chunk.subarray(0, length)]);
      let start = 0;
      for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline, start)) {
        const event = decodeEvent(rest.toString("utf8", start, end));
        if (!event) onDamage(new DamagedError(path, `the line at byte ${at} is not as it was written`));
        at += end + 1 - start;
        start = end + 1;
        if (event) yield { event, end: at };
      }
      rest = rest.subarray(start);
    }
  } finally {
    fs.closeSync(file);
  }
}

/** Milliseconds between flushes to the disk: what a power cut, or the end of a network file system, may cost. */
const flushMs = 1000;

/** Appends to a segment, whose only writer this is. @param size where its last whole line ends */
export function appender(path: string, size: number) {
  const file = fs.openSync(path, "a");
  let end = size;
  let flushedAt = 0;
  let dirty = false;
  // Half a line of a writer that was killed, or that had no space: readers have not seen it.
  const cut = (): void => fs.ftruncateSync(file, end);
  const flush = (): void => {
    if (dirty) fs.fsyncSync(file);
    dirty = false;
    flushedAt = Date.now();
  };
  const said = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw storeError(error, path);
    }
  };
  said(cut);
  return {
    /** On return it survives the end of this process. @returns the place behind it. @throws StoreError */
    append: (event: SegmentEvent): number =>
      said(() => {
        const bytes = Buffer.from(encodeEvent(event));
        try {
          for (let at = 0; at < bytes.length;) at += fs.writeSync(file, bytes, at);
        } catch (error) {
          cut();
          throw error;
        }
        end += bytes.length;
        dirty = true;
        if (Date.now() - flushedAt >= flushMs) flush();
        return end;
      }),
    /** Readers on other machines see what is flushed. */
    flush: (): void => said(flush),
    close: (): void => {
      said(flush);
      fs.closeSync(file);
    },
  };
}
