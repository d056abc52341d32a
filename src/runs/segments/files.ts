import * as fs from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../options.ts";
import { listFolder } from "../files.ts";

/** Where a store keeps the segments that shards write. */
export const segmentsFolder = (folder: string): string => join(folder, "segments");

export interface SegmentFiles {
  readonly name: string;
  readonly log: string;
  readonly owner: string;
}

export function segmentFiles(folder: string, name: string): SegmentFiles {
  if (!/^[a-z0-9][a-z0-9._-]{0,199}$/i.test(name)) {
    throw new UsageError(`segment ${JSON.stringify(name.slice(0, 60))}: give letters, digits, dots and hyphens`);
  }
  const path = join(segmentsFolder(folder), name);
  return { name, log: `${path}.log`, owner: `${path}.owner` };
}

/** Every segment of a store, by name. */
export function segmentsIn(folder: string): readonly SegmentFiles[] {
  const logs = listFolder(segmentsFolder(folder)).filter((name) => name.endsWith(".log"));
  return logs.sort().map((name) => segmentFiles(folder, name.slice(0, -".log".length)));
}

/** The beginning of a log, its first checksum: tells it from another one that came to lie in its place. */
export function beginningOf(log: string): string {
  const file = fs.openSync(log, "r");
  try {
    const bytes = Buffer.alloc(8);
    return bytes.toString("latin1", 0, fs.readSync(file, bytes, 0, 8, 0));
  } finally {
    fs.closeSync(file);
  }
}

/** How far a store has read a segment, as its `meta` table keeps it. */
export interface Mark {
  readonly beginning: string;
  readonly end: number;
  /** Who wrote there. */
  readonly owner: string;
}
export const markKey = (name: string): string => `segment:${name}`;
export const markText = ({ beginning, end, owner }: Mark): string => `${beginning} ${end} ${owner}`;
export function readMark(text = ""): Mark {
  const [, beginning = "", end = "0", owner = ""] = /^(\S*) (\d+) (.*)$/s.exec(text) ?? [];
  return { beginning, end: Number(end), owner };
}
