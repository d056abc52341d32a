import { Command } from "commander";
import { extname } from "node:path";
import { suggestion, UsageError } from "../../options.ts";
import { exportFormats, exportRuns, type ExportFormat } from "../../runs/export.ts";
import { writableTarget, writeWhole } from "../files.ts";
import { collected, storeOption, wholeNumber, type StoreFlag } from "../flags.ts";
import { bytes as byteText, steps as stepText } from "../render/numbers.ts";
import type { Session } from "../session.ts";
import { findRun, withStore } from "../store.ts";
import { findSweep } from "../sweep-data.ts";
import { exportSweep } from "./export-sweep.ts";

interface Flags extends StoreFlag {
  readonly format?: string;
  readonly out: string;
  readonly step?: string;
  readonly publishedNames?: true;
  readonly force?: true;
  readonly table?: string;
  readonly where?: readonly string[];
  readonly policy?: string;
}

const examples = `
csv, parquet and json hold the curves; npz and safetensors hold the weights. Of a sweep, csv and parquet hold one table:
its runs with their options, verdicts and statistics, or with --table evals every evaluation.

Examples:
  groklab export last --out run.csv
  groklab export last --format csv --out - | head
  groklab export last --out weights.safetensors --step 1000
  groklab export sparse-parity-sweep --out runs.parquet
  groklab export sparse-parity-sweep --table evals --where weightDecay=0.1 --out evals.csv`;

export function exportCommand(session: Session): Command {
  return new Command("export")
    .description("a run's curves or weights, or a sweep's table, as a file for other programs")
    .argument("<run>", "id or the beginning of one, name of an experiment or a sweep, or last for a run")
    .option("--format <FORMAT>", `${exportFormats.join(", ")}; by default what --out ends in`)
    .requiredOption("--out <PATH>", "file to write; - for standard output")
    .option("--step <N>", "weights of this step's checkpoint (default: the last one)")
    .option("--table <NAME>", "sweep: runs or evals (default: runs)")
    .option("--where <key=v1,v2>", "sweep: only runs with these values (repeatable)", collected)
    .option("--policy <NAME>", "sweep: rule of the verdicts (default: the sweep's)")
    .option("--published-names", "weights of a transformer by the names of the published PyTorch code")
    .option("--force", "write over a file that exists")
    .addOption(storeOption())
    .addHelpText("after", examples)
    .action(async (text: string, flags: Flags) => {
      const format = formatOf(flags);
      const step = flags.step === undefined ? undefined : wholeNumber(flags.step, "--step");
      const toStdout = flags.out === "-";
      if (toStdout && session.io.stdout.isTTY && !isText(format)) {
        throw new UsageError(`--out -: ${format} is not text for a terminal; send it to a file or a pipe`);
      }
      const target = toStdout ? undefined : writableTarget(flags.out, session.io.cwd, { force: flags.force === true });
      await withStore(
        session,
        flags.store,
        async (store) => {
          const sweep = await findSweep(store, text);
          if (sweep) {
            if (step !== undefined) throw new UsageError("--step: a sweep's table holds every step");
            const { content, rows } = await exportSweep(store, sweep, { ...flags, format });
            if (target === undefined) return session.io.stdout.write(content);
            writeWhole(target, content);
            const what = flags.table === "evals" ? "evaluations" : "runs";
            return session.print(`${stepText(rows)} ${what} of ${sweep.id}: ${flags.out}, ${byteText(content.length)}`);
          }
          for (const key of ["table", "where", "policy"] as const) {
            if (flags[key] !== undefined)
              throw new UsageError(`--${key}: "${text}" is no sweep; groklab list sweeps shows them`);
          }
          const { id } = await findRun(store, text, flags.store);
          let used: number | undefined;
          const content = await exportRuns(store, [id], format, {
            step,
            publishedNames: flags.publishedNames,
            onStep: (found) => (used = found),
            onWarning: (line) => session.note(`groklab: ${line}`),
          });
          if (target === undefined) return session.io.stdout.write(content);
          writeWhole(target, content);
          const what = used === undefined ? "curves" : `weights at step ${stepText(used)}`;
          session.print(`${what} of ${id}: ${flags.out}, ${byteText(content.length)}`);
        },
        { reading: true },
      );
    });
}

const isText = (format: ExportFormat): boolean => format === "csv" || format === "json";

/** The format asked for, or the one that the file's name tells. */
function formatOf({ format, out }: Flags): ExportFormat {
  const name = format ?? extname(out).slice(1).toLowerCase();
  const found = exportFormats.find((candidate) => candidate === name);
  if (found !== undefined) return found;
  const known = exportFormats.join(", ");
  if (format === undefined)
    throw new UsageError(`--out ${out}: its name tells no format; give --format, one of ${known}`);
  throw new UsageError(`--format: "${name}" is not allowed; give one of ${known}${suggestion(name, exportFormats)}`);
}
