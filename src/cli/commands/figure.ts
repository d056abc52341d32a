import { Command } from "commander";
import type { RunFigure, RunSubject } from "../../figures/run-figures.ts";
import { named, nearest, parseText, quoted, resolve, UsageError, type Fields, type Value } from "../../options.ts";
import type { Store } from "../../runs/store.ts";
import { writableTarget, writeWhole } from "../files.ts";
import { collected, storeOption, wholeNumber, type StoreFlag } from "../flags.ts";
import { bytes as byteText } from "../render/numbers.ts";
import { pairs } from "../render/table.ts";
import { referenceOption } from "../reference-option.ts";
import type { Session } from "../session.ts";
import { findRun, NothingStored, withStore } from "../store.ts";
import { findSweep, type FoundSweep } from "../sweep-data.ts";
import { drawSweepFigure } from "./figure-sweep.ts";

interface Flags extends StoreFlag {
  readonly out?: string;
  readonly force?: true;
  readonly step?: string;
  readonly a?: string;
  readonly b?: string;
  readonly set?: readonly string[];
  readonly theme: string;
  readonly width?: string;
  readonly scale: string;
  readonly where?: readonly string[];
  readonly policy?: string;
  readonly reference?: string;
}

/** Figures are loaded where one is drawn: nothing else needs what draws them. */
const load = () => import("../../figures/run-figures.ts");

export function figureCommand(session: Session): Command {
  return new Command("figure")
    .description("a picture of a run or a sweep as SVG or PNG; without one: which figures there are")
    .argument(
      "[run]",
      "id or the beginning of one, name of an experiment or a sweep, or last for a run; none for figures that need no run",
    )
    .argument("[figure]", "which figure; training-curves, or verdict-map of a sweep, where none is named")
    .option("--out <FILE>", "file to write, .svg or .png; - for SVG on standard output")
    .option("--step <N>", "weights of this step's checkpoint; by default of the last one")
    .option("--a <N>", "first number of the pair, for figures of one")
    .option("--b <N>", "second number of the pair")
    .option("--set <key=value>", "an option of the figure", collected)
    .option("--reference <FILE>", "generalization-curves: a CSV file of curves from elsewhere, drawn behind")
    .option("--theme <NAME>", "light or dark", "light")
    .option("--width <PIXELS>", "width of the figure")
    .option("--scale <N>", "PNG only: pixels of the picture for each pixel of the figure", "2")
    .option("--where <key=v1,v2>", "sweep: only runs with these values (repeatable)", collected)
    .option("--policy <NAME>", "sweep: rule of the verdicts (default: the sweep's)")
    .option("--force", "write over a file that exists")
    .addOption(storeOption())
    .action(async (run: string | undefined, name: string | undefined, flags: Flags) => {
      const { runFigures } = await load();
      if (run === undefined) return listFigures(session, runFigures);
      await draw(session, runFigures, run, name, flags);
    });
}

async function draw(
  session: Session,
  figures: readonly RunFigure[],
  run: string,
  name: string | undefined,
  flags: Flags,
): Promise<void> {
  // A figure that needs no run is asked for by its name alone.
  const alone = name === undefined ? figures.find((one) => one.name === run && one.needs === "nothing") : undefined;
  const sweep = alone ? undefined : await sweepCalled(session, run, flags);
  const figure = sweep ? undefined : (alone ?? named(figures, name ?? "training-curves", "figure"));
  if (flags.out === undefined) throw new UsageError("figure: --out is missing; give a FILE.svg or FILE.png, or -");
  const toStdout = flags.out === "-";
  if (!toStdout && !/\.(svg|png)$/i.test(flags.out))
    throw new UsageError(`--out ${flags.out}: give a name that ends in .svg or .png`);
  const look = await lookOf(flags);
  const scale = Number(flags.scale);
  if (!(scale > 0 && scale <= 8)) throw new UsageError(`--scale: ${quoted(flags.scale)} is not allowed; give a number above 0 up to 8`); // prettier-ignore
  const step = flags.step === undefined ? undefined : wholeNumber(flags.step, "--step");
  const target = toStdout ? undefined : writableTarget(flags.out, session.io.cwd, { force: flags.force === true });
  if (!figure) {
    refuse(flags, ["step", "a", "b"], `${run} is a sweep: its figures are not of one checkpoint or pair`);
    const draw = (store: Store) => drawSweepFigure(store, sweep!, name, { ...flags, look, cwd: session.io.cwd });
    const drawn = await withStore(session, flags.store, draw, { reading: true });
    return deliver(session, drawn, { id: sweep!.id, target, scale, out: flags.out });
  }
  refuse(flags, ["where", "policy"], `${run} is no sweep; groklab list sweeps shows them`);
  const options = optionsOf(figure, flags, session.io.cwd);
  const { id, svg } =
    figure.needs === "nothing"
      ? { id: undefined, svg: figure.draw({} as RunSubject, options, look) }
      : await withStore(session, flags.store, (store) => drawRun(session, store, figure, run, { flags, options, look, step }), { reading: true }); // prettier-ignore
  await deliver(session, { name: figure.name, svg }, { id, target, scale, out: flags.out });
}

interface Delivery {
  readonly id: string | undefined;
  readonly target: ReturnType<typeof writableTarget> | undefined;
  readonly scale: number;
  readonly out: string;
}

async function deliver(
  session: Session,
  { name, svg }: { readonly name: string; readonly svg: string },
  { id, target, scale, out }: Delivery,
): Promise<void> {
  if (target === undefined) return session.io.stdout.write(svg);
  const content = /\.png$/i.test(target.path) ? (await import("../png.ts")).png(svg, scale) : new TextEncoder().encode(svg); // prettier-ignore
  writeWhole(target, content);
  session.print(`${name}${id === undefined ? "" : ` of ${id}`}: ${out}, ${byteText(content.length)}`);
}

/** The sweep that the text means, if it means one and there is a store. */
const sweepCalled = (session: Session, text: string, { store }: Flags): Promise<FoundSweep | undefined> =>
  withStore(session, store, (open) => findSweep(open, text), { reading: true }).catch((error: unknown) => {
    if (error instanceof NothingStored) return undefined;
    throw error;
  });

function refuse(flags: Flags, keys: readonly (keyof Flags)[], why: string): void {
  for (const key of keys) if (flags[key] !== undefined) throw new UsageError(`--${key}: ${why}`);
}

interface Drawing {
  readonly flags: Flags;
  readonly options: Parameters<RunFigure["draw"]>[1];
  readonly look: Parameters<RunFigure["draw"]>[2];
  readonly step: number | undefined;
}

async function drawRun(session: Session, store: Store, figure: RunFigure, run: string, drawing: Drawing) {
  const { readRunSubject } = await import("../run-subject.ts");
  const { flags, options, look, step } = drawing;
  const record = await findRun(store, run, flags.store);
  const onWarning = (line: string): void => session.note(`groklab: ${line}`);
  const subject = await readRunSubject(store, record, figure.needs, { step, onWarning });
  return { id: record.id, svg: figure.draw(subject, options, { title: record.id, ...look }) };
}

/** `--a` and `--b` are short for `--set a=` and `--set b=`. */
function optionsOf(figure: RunFigure, { set = [], a, b, step, reference }: Flags, cwd: string): Drawing["options"] {
  const { fields, name } = figure;
  const texts = set.map((text): readonly [string, string] => {
    const at = text.indexOf("=");
    if (at < 1) throw new UsageError(`--set ${quoted(text)}: give key=value`);
    return [text.slice(0, at).trim(), text.slice(at + 1)];
  });
  for (const [key, text] of Object.entries({ a, b })) {
    if (text === undefined) continue;
    if (!Object.hasOwn(fields, key)) throw new UsageError(`--${key}: the figure ${name} is not of one pair`);
    texts.push([key, text]);
  }
  if (step !== undefined && !["weights", "network", "bits", "language"].includes(figure.needs))
    throw new UsageError(`--step: the figure ${name} is not of one step`);
  return resolve(fields, { ...parsed(fields, texts, name), ...referenceOption(figure, reference, cwd) }, name);
}

function parsed(fields: Fields, texts: readonly (readonly [string, string])[], name: string): Record<string, Value> {
  return Object.fromEntries(
    texts.map(([key, text]) => [
      key,
      Object.hasOwn(fields, key) ? parseText(fields[key], text, `${name}.${key}`) : text,
    ]),
  );
}

async function lookOf({ theme, width }: Flags): Promise<Drawing["look"]> {
  const { themes } = await import("../../figures/svg/index.ts");
  if (theme !== "light" && theme !== "dark") {
    const near = nearest(theme, ["light", "dark"]);
    throw new UsageError(`--theme: ${quoted(theme)} is not allowed; give light or dark${near ? `; did you mean "${near}"?` : ""}`); // prettier-ignore
  }
  const pixels = width === undefined ? undefined : wholeNumber(width, "--width");
  if (pixels !== undefined && (pixels < 200 || pixels > 4000))
    throw new UsageError(`--width: ${pixels} is not allowed; give a whole number from 200 to 4000`);
  return { theme: themes[theme], ...(pixels === undefined ? {} : { width: pixels }) };
}

/** Words for what a figure needs. */
const needWords: Readonly<Record<RunFigure["needs"], string>> = {
  nothing: "no run",
  evals: "any run",
  weights: "a run with an embedding",
  network: "a run on pairs of numbers",
  bits: "a run on bits",
  course: "checkpoints of a run on pairs of numbers",
  bitCourse: "checkpoints of a run on bits",
  language: "checkpoints of a language model",
};

async function listFigures(session: Session, figures: readonly RunFigure[]): Promise<void> {
  const { sweepFigures } = await import("../../figures/sweep-figures.ts");
  const { out, io, program } = session;
  const rows = figures.map(({ name, summary, needs, fields }): readonly [string, readonly string[]] => {
    const options = Object.entries(fields).map(([key, field]) => `${key}=${String(field.default)}`);
    return [
      name,
      [summary, out.dim(`of ${needWords[needs]}${options.length > 0 ? `; --set ${options.join(", ")}` : ""}`)],
    ];
  });
  const ofSweeps = sweepFigures.map(({ name, summary, fields }): readonly [string, readonly string[]] => {
    const options = Object.entries(fields).map(([key, field]) => `${key}=${String(field.default)}`);
    return [name, [summary, out.dim(`of a sweep${options.length > 0 ? `; --set ${options.join(", ")}` : ""}`)]];
  });
  session.print(
    ...pairs([...rows, ...ofSweeps], out, io.stdout.columns),
    "",
    out.dim(`${program} figure <run or sweep> <figure> --out FILE.svg`),
  );
}
