import { Command, Option } from "commander";
import { extname, join } from "node:path";
import { operations, type Operation } from "../../analyses/charts.ts";
import type { Explained } from "../../analyses/explanation.ts";
import { writtenDown } from "../../analyses/thinned.ts";
import { UsageError } from "../../options.ts";
import {
  explainLanguageRun,
  isLanguage,
  printLanguageJson,
  writeLanguageReport,
  type ExplainedLanguage,
} from "../explain/language.ts";
import { explainLanguageWeights, isLanguageFile, type LanguageFlags } from "../explain/language-weights.ts";
import { reportFolder } from "../explain/report-folder.ts";
import { explainStored } from "../explain/stored.ts";
import { explainWeights, planOf, readWeights } from "../explain/weights.ts";
import { collected, jsonOption, storeOption, wholeNumber, type JsonFlag, type StoreFlag } from "../flags.ts";
import { languageLines } from "../render/explanation-language.ts";
import { explanationLines } from "../render/explanation.ts";
import type { Store } from "../../runs/store.ts";
import { findRun, withStore } from "../store.ts";
import type { Session } from "../session.ts";

export interface ExplainFlags extends StoreFlag, JsonFlag, LanguageFlags {
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
Language models by the published parameter names (PyTorch, saved as .safetensors) need their task.

Examples:
  groklab explain modular-addition
  groklab explain last --step 20000
  groklab explain last --out report
  groklab explain weights.npz --embed W_E --hidden W_in --output W_out --train-pairs train
  groklab explain model.safetensors --task question-formation --data question.gen`;

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
    .option("--task <NAME>", "what a language model by the published names was trained on")
    .option("--heads <N>", "its attention heads, which no shape tells (default: 8)")
    .option("--set <key=value>", "options of its task or evaluation, such as evalSequences=0 (repeatable)", collected)
    .option("--data <FILE>", "lines of its task, such as question.gen, in place of drawn ones (repeatable)", collected)
    .option("--out <DIR>", "folder for report.html, one page that tells the story, and the rows as JSON beside it")
    .option("--force", "write over a report that exists")
    .addOption(storeOption())
    .addOption(jsonOption("the rows of every analysis and the mechanism, one JSON object per line"))
    .addHelpText("after", examples)
    .action(async (what: string, flags: ExplainFlags) => {
      const folder = flags.out === undefined ? undefined : reportFolder(flags.out, session.io.cwd, flags);
      const told = (files: readonly string[]) =>
        session.note(`groklab: ${join(flags.out ?? "", "report.html")} and ${files.length - 1} files of rows written`);
      const explained = await explain(session, what, flags);
      if ("explanation" in explained && explained.explanation.kind === "language") {
        const language = explained as ExplainedLanguage;
        if (flags.json) printLanguageJson(session, language);
        else session.print(...languageLines(language, session));
        if (folder !== undefined) told(writeLanguageReport(session, folder, language));
        return;
      }
      const other = explained as Explained;
      if (flags.json) printJson(session, other);
      else session.print(...explanationLines(other, session));
      if (folder === undefined) return;
      const { writeReport } = await import("../explain/report.ts");
      told(writeReport(session, folder, other));
    });
}

const isFile = (what: string): boolean => [".npz", ".safetensors"].includes(extname(what).toLowerCase());

async function explain(session: Session, what: string, flags: ExplainFlags): Promise<Explained | ExplainedLanguage> {
  if (isFile(what)) return explainFile(session, what, flags);
  refuse([...forPairs, ...forSentences], flags, "a run knows this itself; it is for a .npz or .safetensors file");
  const step = flags.step === undefined ? undefined : wholeNumber(flags.step, "--step");
  const work = async (store: Store) => {
    const record = await findRun(store, what, flags.store);
    return isLanguage(record)
      ? explainLanguageRun(store, record, step, (line) => session.note(`groklab: ${line}`))
      : explainStored(session, store, what, { ...flags, step });
  };
  return withStore(session, flags.store, work, { reading: true });
}

const forPairs = ["p", "operation", "activation", "embed", "hidden", "output", "unembed", "trainPairs"] as const;
const forSentences = ["task", "heads", "set", "data"] as const;

function explainFile(session: Session, what: string, flags: ExplainFlags): Explained | ExplainedLanguage {
  if (flags.step !== undefined) throw new UsageError("--step: a file of weights is of one step");
  const read = readWeights(what, session.io.cwd);
  const plan = planOf(read.metadata);
  if (isLanguageFile(read.arrays, plan)) {
    refuse(forPairs, flags, "these are the weights of a language model");
    return explainLanguageWeights(what, read.arrays, plan, flags, session.io.cwd);
  }
  if (Object.hasOwn(read.arrays, "blocks.0.attn.W_Q")) {
    throw new UsageError(
      `${what}: a transformer without its plan; export it with --format safetensors, which brings the plan along`,
    );
  }
  refuse(forSentences, flags, "these are no weights of a language model by the published names");
  return explainWeights(what, read, flags);
}

/** @throws UsageError where one of these flags was given */
function refuse(names: readonly (keyof ExplainFlags)[], flags: ExplainFlags, why: string): void {
  const extra = names.find((name) => flags[name] !== undefined);
  if (extra === undefined) return;
  throw new UsageError(`--${extra.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: ${why}`);
}

/** One line for each analysis, and the mechanism last. */
function printJson(session: Session, { source, explanation }: Explained): void {
  const { kind, mechanism, ...analyses } = writtenDown(explanation);
  for (const [name, rows] of Object.entries<unknown>(analyses)) session.printJson({ type: "analysis", name, rows });
  session.printJson({ type: "explanation", kind, source, mechanism });
}
