import { Command, Option } from "commander";
import { extname, join } from "node:path";
import { operations, type Operation } from "../../analyses/charts.ts";
import type { Explained } from "../../analyses/explanation.ts";
import { writtenDown } from "../../analyses/thinned.ts";
import { UsageError } from "../../options.ts";
import { explainLanguageRun, isLanguage, printLanguageJson, writeLanguageReport } from "../explain/language.ts";
import { reportFolder } from "../explain/report-folder.ts";
import { explainStored } from "../explain/stored.ts";
import { explainWeights } from "../explain/weights.ts";
import { jsonOption, storeOption, wholeNumber, type JsonFlag, type StoreFlag } from "../flags.ts";
import { languageLines } from "../render/explanation-language.ts";
import { explanationLines } from "../render/explanation.ts";
import type { Store } from "../../runs/store.ts";
import { findRun, withStore } from "../store.ts";
import type { Session } from "../session.ts";

export interface ExplainFlags extends StoreFlag, JsonFlag {
  readonly step?: string;
  readonly p?: string;
  readonly operation?: Operation;
  readonly activation?: "relu" | "square";
  readonly embed?: string;
  readonly hidden?: string;
  readonly output?: string;
  readonly unembed?: string;
  readonly trainPairs?: string;
  readonly out?: string;
  readonly force?: true;
}

const examples = `
Of a run, every checkpoint is read for the progress measures. Weights from elsewhere are a .npz or .safetensors with an
embedding, a hidden and an output matrix; what is not named is found by shape, the reading that answers most pairs
rightly is taken, and the modulus and the operation with it. A .safetensors of groklab export brings its plan along.

Examples:
  groklab explain modular-addition
  groklab explain last --step 20000
  groklab explain last --out report
  groklab explain weights.npz --embed W_E --hidden W_in --output W_out --train-pairs train`;

export function explainCommand(session: Session): Command {
  return new Command("explain")
    .description("how a trained network works: the mechanism there is evidence for, with every number behind it")
    .argument("<run|weights>", "a run (id, the beginning of one, an experiment, last), or a .npz or .safetensors file")
    .option("--step <N>", "explain this step's checkpoint (default: the last one)")
    .option("--p <N>", "modulus of weights from elsewhere (default: found by shape)")
    .addOption(
      new Option("--operation <NAME>", "what they were trained to do (default: what they do)").choices(operations),
    ) // prettier-ignore
    .addOption(new Option("--activation <NAME>", "of their neurons (default: what works)").choices(["relu", "square"]))
    .option("--embed <ARRAY>", "array from numbers to the embedding, or to the neurons where nothing is between")
    .option("--hidden <ARRAY>", "array from the embedding to the neurons")
    .option("--output <ARRAY>", "array from the neurons on")
    .option("--unembed <ARRAY>", "array from there to the answers")
    .option("--train-pairs <ARRAY>", "array of the pairs trained on, [n, 2] (default: every pair counts as held out)")
    .option("--out <DIR>", "folder for report.html, one page that tells the story, and the rows as JSON beside it")
    .option("--force", "write over a report that exists")
    .addOption(storeOption())
    .addOption(jsonOption("the rows of every analysis and the mechanism, one JSON object per line"))
    .addHelpText("after", examples)
    .action(async (what: string, flags: ExplainFlags) => {
      const folder = flags.out === undefined ? undefined : reportFolder(flags.out, session.io.cwd, flags);
      if (await explainedLanguage(session, what, flags, folder)) return;
      const explained = await explain(session, what, flags);
      if (flags.json) printJson(session, explained);
      else session.print(...explanationLines(explained, session));
      if (folder === undefined) return;
      const { writeReport } = await import("../explain/report.ts");
      const files = writeReport(session, folder, explained);
      session.note(`groklab: ${join(flags.out ?? "", "report.html")} and ${files.length - 1} files of rows written`);
    });
}

/** Explains the run where it is a language model's; false where it is something else, or a file. */
async function explainedLanguage(
  session: Session,
  what: string,
  flags: ExplainFlags,
  folder: string | undefined,
): Promise<boolean> {
  if ([".npz", ".safetensors"].includes(extname(what).toLowerCase())) return false;
  const step = flags.step === undefined ? undefined : wholeNumber(flags.step, "--step");
  const work = async (store: Store): Promise<boolean> => {
    const record = await findRun(store, what, flags.store);
    if (!isLanguage(record)) return false;
    const explained = await explainLanguageRun(store, record, step, (line) => session.note(`groklab: ${line}`));
    if (flags.json) printLanguageJson(session, explained);
    else session.print(...languageLines(explained, session));
    if (folder === undefined) return true;
    const files = writeLanguageReport(session, folder, explained);
    session.note(`groklab: ${join(flags.out ?? "", "report.html")} and ${files.length - 1} files of rows written`);
    return true;
  };
  return withStore(session, flags.store, work, { reading: true });
}

async function explain(session: Session, what: string, flags: ExplainFlags): Promise<Explained> {
  const onlyForFiles = ["p", "operation", "activation", "embed", "hidden", "output", "unembed", "trainPairs"] as const;
  if ([".npz", ".safetensors"].includes(extname(what).toLowerCase())) {
    if (flags.step !== undefined) throw new UsageError("--step: a file of weights is of one step");
    return explainWeights(session, what, flags);
  }
  const extra = onlyForFiles.find((name) => flags[name] !== undefined);
  if (extra !== undefined) {
    const flag = extra.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`--${flag}: a run knows this itself; it is for a .npz or .safetensors file`);
  }
  const step = flags.step === undefined ? undefined : wholeNumber(flags.step, "--step");
  return withStore(session, flags.store, (store) => explainStored(session, store, what, { ...flags, step }), {
    reading: true,
  });
}

/** One line for each analysis, and the mechanism last. */
function printJson(session: Session, { source, explanation }: Explained): void {
  const { kind, mechanism, ...analyses } = writtenDown(explanation);
  for (const [name, rows] of Object.entries<unknown>(analyses)) session.printJson({ type: "analysis", name, rows });
  session.printJson({ type: "explanation", kind, source, mechanism });
}
