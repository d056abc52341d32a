import type { PhaseName } from "../../verdict/index.ts";
import type { Label } from "../../verdict/index.ts";
import type { Style } from "./style.ts";

/** A phase as the live line says it. */
export const phaseWords: Readonly<Record<PhaseName, string>> = {
  initial: "not fitted yet",
  memorizing: "memorizing",
  learning: "learning both",
  memorized: "memorized",
  generalizing: "generalizing",
  generalized: "generalized",
  forgetting: "forgetting",
  collapsed: "collapsed",
  diverged: "diverged",
};

type Paint = (style: Style) => (text: string) => string;

export const phasePaint: Readonly<Record<PhaseName, Paint>> = {
  initial: (s) => s.dim,
  memorizing: (s) => s.yellow,
  learning: (s) => s.cyan,
  memorized: (s) => s.yellow,
  generalizing: (s) => s.cyan,
  generalized: (s) => s.green,
  forgetting: (s) => s.yellow,
  collapsed: (s) => s.red,
  diverged: (s) => s.red,
};

export const labelPaint: Readonly<Record<Label, Paint>> = {
  grok: (s) => s.green,
  generalize: (s) => s.cyan,
  memorize: (s) => s.yellow,
  fail: (s) => s.red,
  undecided: (s) => s.dim,
  diverged: (s) => s.red,
};
