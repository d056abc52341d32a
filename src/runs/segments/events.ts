import { crc32 } from "node:zlib";
import type { Plan } from "../../train/experiment.ts";
import type { Ending, NewSweep } from "../store.ts";

/** What a segment says happened, in order. `at` is in milliseconds since 1970. */
export type SegmentEvent =
  | {
      readonly type: "claim";
      readonly at: number;
      readonly id: string;
      readonly plan: Plan;
      readonly software: string;
      readonly owner: string;
      /** Of the run, and the seconds it was trained for before, where another place holds that. */
      readonly createdAt: string;
      readonly seconds: number;
    }
  /** `data`: packed evaluations, base64. */
  | { readonly type: "evals"; readonly at: number; readonly id: string; readonly data: string }
  | { readonly type: "finish"; readonly at: number; readonly id: string; readonly ending: Ending }
  | { readonly type: "release"; readonly at: number; readonly id: string }
  /** The run was deleted where the segments are read together. */
  | { readonly type: "forget"; readonly at: number; readonly id: string }
  | { readonly type: "sweep"; readonly at: number; readonly sweep: NewSweep };

const sumOf = (json: string): string => crc32(json).toString(16).padStart(8, "0");

/** One line: a checksum and the event as JSON. */
export function encodeEvent(event: SegmentEvent): string {
  const json = JSON.stringify(event);
  return `${sumOf(json)} ${json}\n`;
}

/** @returns undefined for a line that is not as it was written */
export function decodeEvent(line: string): SegmentEvent | undefined {
  const json = line.slice(9);
  if (line[8] !== " " || line.slice(0, 8) !== sumOf(json)) return undefined;
  return JSON.parse(json) as SegmentEvent;
}
