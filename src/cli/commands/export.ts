import { Command } from "commander";
import { extname } from "node:path";
import { suggestion, UsageError } from "../../options.ts";
import { exportFormats, exportRuns, type ExportFormat } from "../../runs/export.ts";
import { writableTarget, writeWhole } from "../files.ts";
import { storeOption, wholeNumber, type StoreFlag } from "../flags.ts";
import { bytes as byteText, steps as stepText } from "../render/numbers.ts";
import type { Session } from "../session.ts";
import { findRun, withStore } from "../store.ts";

interface Flags extends StoreFlag {
  readonly format?: string;
  readonly out: string;
  readonly step?: string;
  readonly force?: true;
}

const examples = `
csv, parquet and json hold the curves; npz and safetensors hold the weights.

Examples:
  groklab export last --out run.csv
  groklab export last --format csv --out - | head
  groklab export last --out weights.safetensors --step 1000`;

export function exportCommand(session: Session): Command {
  return new Command("export")
    .description("a run's curves or weights as a file for other programs")
    .argument("<run>", "id or the beginning of one, name of an experiment, or last")
    .option("--format <FORMAT>", `${exportFormats.join(", ")}; by default what --out ends in`)
    .requiredOption("--out <PATH>", "file to write; - for standard output")
    .option("--step <N>", "weights of this step's checkpoint (default: the last one)")
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
          const { id } = await findRun(store, text, flags.store);
          let used: number | undefined;
          const content = await exportRuns(store, [id], format, {
            step,
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
