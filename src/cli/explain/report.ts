import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Explained } from "../../analyses/explanation.ts";
import { writtenDown } from "../../analyses/thinned.ts";
import { report } from "../../figures/report/report.ts";
import { setUp } from "../../train/setup.ts";
import { contextOf } from "../../verdict/index.ts";
import { Failure, fileTrouble } from "../failures.ts";
import { writableTarget, writeWhole } from "../files.ts";
import { planDifferences } from "../plan-differences.ts";
import { commandLine, type Session } from "../session.ts";
import { commandOfPlan } from "../command-of-plan.ts";

/**
 * Writes report.html and, beside it, the rows of every analysis as JSON. Rows first, so that a page that is there is whole.
 * @returns the files, by their name in the folder
 */
export function writeReport(session: Session, folder: string, explained: Explained): readonly string[] {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Failure(`${folder} cannot be made: ${fileTrouble(error) ?? (error as Error).message}`, { cause: error });
  }
  const write = (name: string, content: string): void =>
    writeWhole(writableTarget(join(folder, name), session.io.cwd, { force: true }), new TextEncoder().encode(content));
  const { source, evals, explanation } = explained;
  const { kind, ...analyses } = writtenDown(explanation);
  const values = Object.entries<unknown>(analyses);
  const isTable = (value: unknown): boolean => typeof value === "object" && value !== null;
  const rows: Readonly<Record<string, unknown>> = {
    // What is one number is not worth a file of its own.
    explanation: { kind, source, ...Object.fromEntries(values.filter(([, value]) => !isTable(value))) },
    ...(source.kind === "run" ? { experiment: source.plan } : {}),
    ...(evals.length > 0 ? { evals } : {}),
    ...Object.fromEntries(values.filter(([, value]) => isTable(value))),
  };
  const files = Object.keys(rows).map(
    (name) => `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.json`,
  );
  Object.values(rows).forEach((value, i) => write(files[i], `${JSON.stringify(value)}\n`));
  write("report.html", report(explained, { ...optionsOf(session, explained), files }));
  return ["report.html", ...files];
}

/** The Plan as an experiment that `groklab run` reads. */
const planFile = "experiment.json";

function optionsOf(session: Session, { source }: Explained) {
  const explainCommand = commandLine(session.program, session.argv);
  if (source.kind !== "run") return { explainCommand };
  const context = contextOf(source.plan, setUp(source.plan).task, { finished: true });
  return {
    command: commandLine(session.program, commandOfPlan(source.plan) ?? ["run", planFile]),
    explainCommand,
    differences: planDifferences(source.plan),
    chance: context.chance,
    lossUnit: context.lossUnit === "nats" ? "nats per example" : "nats per example and class",
  };
}
