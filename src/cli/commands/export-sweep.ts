import { UsageError } from "../../options.ts";
import { encodeCsv, encodeParquet } from "../../runs/export.ts";
import type { Store } from "../../runs/store.ts";
import { runsTable, sweepEvalsTable } from "../../runs/sweep-tables.ts";
import type { StoredRun } from "../../runs/swept.ts";
import type { Eval } from "../../train/eval.ts";
import { varyingOptions } from "../../train/settings.ts";
import { readSweep, type FoundSweep, type SweepAsked } from "../sweep-data.ts";

export const sweepTables = ["runs", "evals"] as const;

export interface SweepExport extends SweepAsked {
  readonly format: string;
  readonly table?: string | undefined;
}

/**
 * A sweep as the bytes of one table: `runs`, one row each with its options, verdict and statistics, or `evals`, one row
 * per evaluation.
 */
export async function exportSweep(
  store: Store,
  found: FoundSweep,
  { format, table = "runs", ...asked }: SweepExport,
): Promise<{ readonly content: Uint8Array; readonly rows: number }> {
  if (format !== "csv" && format !== "parquet") {
    throw new UsageError(`--format ${format}: ${found.name} is a sweep; give csv or parquet, or one of its runs`);
  }
  if (!(sweepTables as readonly string[]).includes(table))
    throw new UsageError(`--table: "${table}" is not allowed; give one of ${sweepTables.join(", ")}`);
  const { runs, expansion } = await readSweep(store, found, asked);
  const columns =
    table === "runs"
      ? runsTable(runs)
      : sweepEvalsTable(
          await withEvals(store, runs),
          // Named points stand for several options: those that vary say which.
          varyingNames(runs, expansion.varying.map(({ name }) => name)), // prettier-ignore
        );
  const content = format === "csv" ? encodeCsv(columns) : encodeParquet(columns);
  return { content, rows: columns[0]?.values.length ?? 0 };
}

async function withEvals(store: Store, runs: readonly StoredRun[]) {
  const found: { readonly run: StoredRun; readonly evals: readonly Eval[] }[] = [];
  for (const run of runs) if (run.record) found.push({ run, evals: await store.evals(run.id) });
  return found;
}

/** Options that vary among the Plans, in place of axes that are no option. */
function varyingNames(runs: readonly StoredRun[], axes: readonly string[]): readonly string[] {
  const options = axes.filter((axis) => axis.includes("."));
  if (options.length === axes.length) return options;
  return [...new Set([...varyingOptions(firstSeeds(runs).map(({ plan }) => plan))])];
}

const firstSeeds = (runs: readonly StoredRun[]): readonly StoredRun[] => [
  ...new Map(runs.map((run) => [run.id.replace(/-s\d+$/, ""), run])).values(),
];
