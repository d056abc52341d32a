import { UsageError, type Value } from "../options.ts";
import { valueText } from "../train/settings.ts";
import type { ClaimResult } from "./claims.ts";
import { fitLaw, type Law } from "./law.ts";
import { runsInCells, sameValue } from "./sweep-cells.ts";
import { timedPoints } from "./timed-points.ts";
import { lifetimeOf, spreadOf, type Timed } from "./spread.ts";
import type { Cells, ClaimedSweep, Ranked, SweepClaim, What } from "./sweep-claims.ts";
import { sweepTable, type SweptRun } from "./sweep-table.ts";
import { count, number, percent, steps } from "./words.ts";

type Found = Pick<ClaimResult, "holds" | "found">;
type Kind = SweepClaim["kind"];
type ClaimOf<K extends Kind> = Extract<SweepClaim, { readonly kind: K }>;
/** How a kind of claim words itself (what it is about, what it expects of it) and what it looks for. */
interface Check<K extends Kind> {
  readonly words: (claim: ClaimOf<K>) => readonly [subject: string, expected: string];
  readonly check: (claim: ClaimOf<K>, sweep: ClaimedSweep) => Found;
}

export const sweepChecks: { readonly [K in Kind]: Check<K> } = {
  share: {
    words: ({ what, cells, low, high, policy }) => [
      `the share of ${whatText(what)}${by(policy)}${inCells(cells)}`,
      low === high ? `is ${percent(low)}` : `lies in ${percent(low)} to ${percent(high)}`,
    ],
    check: ({ what, cells, low, high, policy }, sweep) => {
      const runs = runsIn(sweep, cells, policy);
      const k = runs.filter((run) => isWhat(run, what)).length;
      const share = k / runs.length;
      return complete(runs, share >= low && share <= high, `${percent(share)} (${k} of ${runs.length})`);
    },
  },
  total: {
    words: ({ what, cells, from, to, policy }) => [
      `the number of ${whatText(what)}${by(policy)}${inCells(cells)}`,
      from === to ? `is ${steps(from)}` : `lies in ${steps(from)} to ${steps(to)}`,
    ],
    check: ({ what, cells, from, to, policy }, sweep) => {
      const runs = runsIn(sweep, cells, policy);
      const k = runs.filter((run) => isWhat(run, what)).length;
      return complete(runs, k >= from && k <= to, `${steps(k)} of ${runs.length}`);
    },
  },
  agree: {
    words: ({ what, cells, k, exceptions, policy }) => [
      `in every setting${inCells(cells)}`,
      `at least ${count(k, "seed")} ${k === 1 ? "is" : "are"} ${whatText(what)}${by(policy)}` +
        (exceptions > 0 ? `, with at most ${count(exceptions, "exception")}` : ""),
    ],
    check: ({ what, cells, k, exceptions, policy }, sweep) => {
      const runs = runsIn(sweep, cells, policy);
      const of = new Map(runs.map((run) => [run.id, run]));
      const { rows } = sweepTable(runs);
      const tallies = rows.map((row) => ({ row, k: row.ids.filter((id) => isWhat(of.get(id)!, what)).length }));
      const short = tallies.filter((tally) => tally.k < k);
      const named = short.slice(0, 3).map((tally) => `${tally.k} of ${tally.row.ids.length} at ${tally.row.label}`);
      const rest = short.length > 3 ? [`and ${short.length - 3} more`] : [];
      const found = [`${rows.length - short.length} of ${count(rows.length, "setting")}`, ...named, ...rest].join("; ");
      return complete(runs, short.length <= exceptions, found);
    },
  },
  best: {
    words: ({ of, axis, value, cells }) => [
      `of the values of ${axis}${inCells(cells)}`,
      `${valueText(value)} ${of === "generalized" ? "generalizes most often" : `has the shortest median ${timeWords[of]}`}`,
    ],
    check: ({ of, axis, value, cells }, sweep) => {
      const runs = runsIn(sweep, cells);
      const ranks = ranked(runs, of, axis);
      const mine = ranks.find((rank) => sameValue(rank.value, value));
      const holds = mine !== undefined && ranks.every((rank) => rank === mine || better(mine, rank) > 0);
      return complete(runs, holds, rankText(ranks, of));
    },
  },
  order: {
    words: ({ of, axis, values, cells }) => [
      `${of === "generalized" ? "the share that generalizes" : `the median ${timeWords[of]}`} by ${axis}${inCells(cells)}`,
      `goes from best to worst ${values.map(valueText).join(", ")}`,
    ],
    check: ({ of, axis, values, cells }, sweep) => {
      const runs = runsIn(sweep, cells);
      const ranks = ranked(runs, of, axis);
      const chosen = values.map((value) => ranks.find((rank) => sameValue(rank.value, value)));
      const holds = chosen.every((rank, i) => rank !== undefined && (i === 0 || better(chosen[i - 1]!, rank) >= 0));
      return complete(runs, holds, rankText(ranks, of));
    },
  },
  median: {
    words: ({ of, cells, from, to }) => [
      `the median ${timeWords[of]}${inCells(cells)}`,
      `lies in ${steps(from)} to ${steps(to)}`,
    ],
    check: ({ of, cells, from, to }, sweep) => {
      const runs = runsIn(sweep, cells);
      const { median, observed, censored } = spreadOf(
        runs.flatMap(({ verdict }) => (verdict ? (lifetimeOf(verdict, of) ?? []) : [])),
      );
      const found = `${median === null ? "no median: too many runs were cut off" : steps(median)} (${observed} runs, ${censored} cut off)`;
      return complete(runs, median !== null && median >= from && median <= to, found);
    },
  },
  law: {
    words: ({ of, axis, form, low, high, cells }) => [
      `the ${form === "power" ? "exponent" : "rate"} of the ${timeWords[of]} in ${axis}${inCells(cells)}`,
      `lies in ${number(low)} to ${number(high)}, with its 95 % interval`,
    ],
    check: ({ of, axis, form, low, high, cells }, sweep) => {
      const runs = runsIn(sweep, cells);
      const law = lawOf(runs, of, axis, form);
      if (typeof law === "string") return complete(runs, false, law);
      const { slope, slopeError } = law;
      const holds = slope - 1.96 * slopeError >= low && slope + 1.96 * slopeError <= high;
      const fitted = `${law.observed} runs, ${law.censored} cut off`;
      return complete(runs, holds, `${number(slope)} ± ${number(Number(slopeError.toPrecision(2)))} (${fitted})`);
    },
  },
};

const timeWords: Readonly<Record<Timed, string>> = {
  fitStep: "step of fitting",
  generalizeStep: "step of generalizing",
  delay: "delay",
};

/** The law of a time in one hyperparameter over all these runs, or why there is none. */
function lawOf(runs: readonly SweptRun[], of: Timed, axis: string, form: Law["form"]): Law | string {
  try {
    return fitLaw(timedPoints(runs, of, axis), form);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

interface Rank {
  readonly value: Value;
  /** Larger is better; null where censoring leaves the median open, which is worse than any. */
  readonly score: number | null;
}

function ranked(runs: readonly SweptRun[], of: Ranked, axis: string): readonly Rank[] {
  const { varied, rows } = sweepTable(runs, [axis]);
  const { name } = varied[0];
  const found = rows.flatMap((row) => {
    const value = row.setting[name];
    const score = of === "generalized" ? row.generalized.share : row[of].median === null ? null : -row[of].median;
    return value === null ? [] : [{ value, score }];
  });
  return found.sort((a, b) => better(b, a));
}

const better = (a: Rank, b: Rank): number => (a.score ?? -Infinity) - (b.score ?? -Infinity) || 0;

const rankText = (ranks: readonly Rank[], of: Ranked): string =>
  ranks
    .map(({ value, score }) => {
      if (score === null) return `${valueText(value)}: open`;
      return `${valueText(value)}: ${of === "generalized" ? percent(score) : steps(-score)}`;
    })
    .join(", ");

function runsIn({ runs, judgedBy }: ClaimedSweep, cells: Cells, policy?: string): readonly SweptRun[] {
  if (policy !== undefined && !judgedBy) {
    throw new UsageError(`the claim needs verdicts by the policy ${policy}: judge the runs by it first`);
  }
  return runsInCells(policy === undefined ? runs : judgedBy!(policy), cells);
}

/** A claim about runs holds only when all of them are there. */
function complete(runs: readonly SweptRun[], holds: boolean, found: string): Found {
  if (runs.length === 0) return { holds: false, found: "no run of the sweep is in these cells" };
  const open = runs.filter(({ verdict }) => !verdict).length;
  if (open === 0) return { holds, found };
  return { holds: false, found: `${found}; ${count(open, "run")} of ${runs.length} without a verdict` };
}

function isWhat({ verdict }: SweptRun, what: What): boolean {
  if (!verdict) return false;
  if (typeof what === "string") return verdict.label === what;
  return "className" in what ? verdict.className === what.className : what.includes(verdict.label);
}

const whatText = (what: What): string =>
  typeof what === "string" ? what : "className" in what ? `"${what.className}"` : what.join(" or ");

const by = (policy: string | undefined): string => (policy === undefined ? "" : ` by ${policy}`);

function inCells(cells: Cells): string {
  const parts = Object.entries(cells).map(([name, values]) => {
    const list = (Array.isArray(values) ? values : [values]) as readonly Value[];
    return `${name} ${list.map(valueText).join(" or ")}`;
  });
  return parts.length === 0 ? "" : ` at ${parts.join(", ")}`;
}
