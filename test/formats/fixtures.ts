import { readFileSync } from "node:fs";

/** A file made by scripts/reference/formats.py, for tests. */
export const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`./files/${name}`, import.meta.url)));

/** The numbers that script writes: value(i) = (i - 3) * 0.37. */
export const reals = (count: number): number[] => Array.from({ length: count }, (_, i) => (i - 3) * 0.37);
/** The whole numbers that script writes. */
export const integers = (count: number): number[] => Array.from({ length: count }, (_, i) => i - 3);
