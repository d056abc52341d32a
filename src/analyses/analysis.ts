import type { Fields, Values } from "../options.ts";
import type { BitNetwork } from "./bit-network.ts";
import type { Course } from "./course.ts";
import type { Network } from "./network.ts";

/** What an analysis can be given. */
export interface Subjects {
  /** One network on pairs of numbers. */
  readonly network: Network;
  /** One network on strings of bits. */
  readonly bits: BitNetwork;
  /** The checkpoints and evaluations of a run. */
  readonly course: Course;
  readonly "bit-course": Course<BitNetwork>;
  /** Its options alone. */
  readonly nothing: undefined;
}
export type Need = keyof Subjects;

/** A measurement of trained networks: the same input gives the same rows, which are plain JSON. */
export interface AnalysisDefinition<N extends Need, F extends Fields, R> {
  readonly name: string;
  /** One sentence for lists. */
  readonly summary: string;
  /** Where the definition comes from. */
  readonly source: string;
  readonly needs: N;
  readonly fields: F;
  readonly run: (subject: Subjects[N], options?: Partial<Values<F>>) => R;
}

/** Any entry of the registry, whatever it needs and returns. */
export type Analysis = Omit<AnalysisDefinition<Need, Fields, unknown>, "run"> & {
  readonly run: (subject: never, options?: never) => unknown;
};

interface Declared<N extends Need, F extends Fields, R> extends Omit<AnalysisDefinition<N, F, R>, "run"> {
  readonly run: (subject: Subjects[N], options: Values<F>) => R;
}

/** Declare an analysis. Options that a caller leaves out get their defaults. */
export function defineAnalysis<const N extends Need, const F extends Fields, R>(
  declared: Declared<N, F, R>,
): AnalysisDefinition<N, F, R> {
  const defaults = Object.fromEntries(
    Object.entries(declared.fields).map(([name, field]) => [name, field.default]),
  ) as Values<F>;
  return { ...declared, run: (subject, options) => declared.run(subject, { ...defaults, ...options }) };
}
