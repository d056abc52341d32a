import { suggestion, UsageError } from "../options.ts";
import type { Eval } from "../train/eval.ts";
import { compares, valueOf } from "../verdict/claim-checks.ts";
import { seriesNames, type Op, type Series } from "../verdict/claims.ts";
import { canStillChange, judge, type Context } from "../verdict/index.ts";
import { count, number, steps } from "./render/numbers.ts";

/** Asked after each evaluation with all so far: why to stop, in one sentence. */
export type Stop = (evals: readonly Eval[]) => string | undefined;

/** What the verdict condition needs to know. */
export interface Judging {
  readonly context: Context;
  readonly policy: string;
}

/** As the claims call them; `accuracy` and `loss` are those of the test half. */
const aliases: Readonly<Record<string, Series>> = { accuracy: "test.accuracy", loss: "test.loss" };
const known = [...seriesNames, ...Object.keys(aliases)];

/**
 * The first of several conditions that holds. Each is `verdict` (the policy says grok or generalize, or its label can no
 * longer change) or a comparison such as `accuracy>=0.99` that has to hold at `hold` evaluations in a row.
 * @throws UsageError
 */
export function stopWhen(conditions: readonly string[], hold: number, judging: Judging): Stop {
  if (hold < 1) throw new UsageError("--hold: 0 is not allowed; give a whole number of at least 1");
  const stops = conditions.map((text) =>
    text.trim() === "verdict" ? verdictReached(judging) : comparison(text, hold),
  );
  return (evals) => stops.map((stop) => stop(evals)).find((reason) => reason !== undefined);
}

function comparison(text: string, hold: number): Stop {
  const [, name = "", op, bound = ""] = /^\s*([\w.]+)\s*(>=|<=|>|<)\s*(\S+)\s*$/.exec(text) ?? [];
  const value = bound === "" ? NaN : Number(bound);
  if (op === undefined || !Number.isFinite(value)) {
    throw new UsageError(
      `--until ${JSON.stringify(text)}: give verdict, or a comparison in quotes, such as "accuracy>=0.99" or "train.loss<1e-6"`,
    );
  }
  const series = Object.hasOwn(aliases, name) ? aliases[name] : seriesNames.find((candidate) => candidate === name);
  if (series === undefined) {
    throw new UsageError(
      `--until ${JSON.stringify(text)}: unknown ${name}; known: ${known.join(", ")}, verdict${suggestion(name, known)}`,
    );
  }
  return (evals) => {
    const last = evals.slice(-hold);
    if (last.length < hold || !last.every((e) => compares(valueOf(e, series), op as Op, value))) return undefined;
    return `${name} ${op} ${number(value)} since step ${steps(last[0].step)}, ${count(hold, "evaluation")} in a row`;
  };
}

function verdictReached({ context, policy }: Judging): Stop {
  return (evals) => {
    const so = { ...context, finished: false };
    const { label } = judge(evals, so, policy);
    const reached =
      label === "grok" || label === "generalize" || (evals.length > 1 && !canStillChange(evals, so, policy));
    return reached ? `the verdict of policy ${policy} is ${label}` : undefined;
  };
}
