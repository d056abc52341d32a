import type { Value } from "../options.ts";

type Section = { readonly name: string } & Readonly<Record<string, Value>>;

/** Overrides only: what differs from the defaults. `plan()` writes out the rest. */
export interface Experiment {
  readonly task: Section;
  readonly split?: Readonly<Record<string, Value>>;
  readonly model: Section;
  readonly optimizer: Section;
  readonly training?: Readonly<Record<string, Value>>;
  readonly seed?: number;
}

/** An Experiment with every default written out, checked. It is what a run records, and what its id is hashed from. */
export interface Plan {
  readonly task: Section;
  readonly split: Readonly<Record<string, Value>>;
  readonly model: Section;
  readonly optimizer: Section;
  readonly training: Readonly<Record<string, Value>>;
  readonly seed: number;
}
