import { Command, CommanderError } from "commander";
import { suggestion, UsageError } from "../options.ts";
import { models } from "../models/index.ts";
import { optimizers } from "../optim/index.ts";
import { splitFields, tasks } from "../tasks/index.ts";
import { sequenceTrainingFields, trainingFields } from "../train/fields.ts";
import { version } from "../runs/software.ts";
import { benchCommand } from "./commands/bench.ts";
import { explainCommand } from "./commands/explain.ts";
import { exportCommand } from "./commands/export.ts";
import { figureCommand } from "./commands/figure.ts";
import { listCommand } from "./commands/list.ts";
import { openCommand } from "./commands/open.ts";
import { runCommand } from "./commands/run.ts";
import { showCommand } from "./commands/show.ts";
import { storeCommand } from "./commands/store.ts";
import { sweepCommand } from "./commands/sweep.ts";
import { verifyCommand } from "./commands/verify.ts";
import { workerCommand } from "./commands/worker.ts";
import { exitCodes, explain } from "./failures.ts";
import type { Io } from "./io.ts";
import { session as newSession, type Session } from "./session.ts";

const commands = [
  runCommand,
  sweepCommand,
  verifyCommand,
  workerCommand,
  listCommand,
  showCommand,
  explainCommand,
  exportCommand,
  figureCommand,
  openCommand,
  storeCommand,
  benchCommand,
];

/**
 * One call of the command line.
 * @param argv what follows `groklab`
 * @returns the exit code: 0, 1 where the work failed, 2 for a wrong call, 128 + n after a signal
 */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  const session = newSession(argv, io);
  const { stderr } = session.io;
  const program = programOf(session);
  try {
    if (argv.length === 0) welcome(session);
    else await program.parseAsync([...argv], { from: "user" });
    return session.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok; // --help, --version
    const { message, code, known } = explain(error instanceof CommanderError ? wrongCall(error, program, argv) : error);
    if (argv.includes("--debug") && !known && error instanceof Error) stderr.write(`${error.stack ?? ""}\n`);
    session.note(`groklab: ${message}`);
    return code;
  }
}

function programOf(session: Session): Command {
  const { out, io } = session;
  const looks = {
    outputError: () => undefined, // said in one line by runCli
    writeErr: () => undefined,
    writeOut: (text: string) => io.stdout.write(text),
    getOutHelpWidth: () => io.stdout.columns ?? 100,
    getOutHasColors: () => true, // the style knows
  };
  const help = {
    styleTitle: out.bold,
    styleCommandText: out.cyan,
    styleOptionTerm: out.cyan,
    styleSubcommandTerm: out.cyan,
  };
  const program = new Command("groklab")
    .description("A laboratory for grokking: trains small networks and says what each run did.")
    .version(version, "--version", "print the version");
  program.addHelpText("after", `\nStart with:\n  ${session.program} run quick`);
  for (const make of commands) program.addCommand(make(session));
  for (const command of [program, ...program.commands]) {
    command
      .option("--debug", "print the stack of an unexpected error")
      .helpOption("--help", "print this help")
      .configureOutput(looks)
      .configureHelp(help)
      .showSuggestionAfterError(false)
      .exitOverride();
  }
  return program;
}

/** `groklab` alone: what to type first. */
function welcome(session: Session): void {
  const { out, program } = session;
  const line = (command: string, what: string) =>
    `  ${out.cyan(`${program} ${command}`.padEnd(program.length + 26))}${what}`;
  session.print(
    `${out.bold("groklab")} ${version}: trains small networks until they grok, and says what each run did`,
    "",
    line("run quick", "the shortest run with a visible delay: start here"),
    line("run", "the experiments, with the time they take"),
    line("run modular-addition", "the main run"),
    line("sweep quick --seeds 0-8", "many runs: a grid of settings, each with several seeds"),
    line("list", "tasks, models, optimizers, verdict policies, stored runs"),
    line("show last", "the newest run: verdict, curves, weights"),
    line("explain last", "how its network works, with every number behind it"),
    line("--help", "every command; each has its own --help"),
  );
}

/** A wrong call in one line: what is wrong, what is allowed, the nearest known name. */
function wrongCall(error: CommanderError, program: Command, argv: readonly string[]): UsageError {
  // The first word that is a command: a later one may be a run or file of that name.
  const named = argv.flatMap((word) => program.commands.find((candidate) => candidate.name() === word) ?? []);
  const command = named[0] ?? program;
  const place = command === program ? "groklab" : command.name();
  const said = error.message.replace(/^error: /, "");
  const [, word = ""] = /'([^']*)'/.exec(said) ?? [];
  switch (error.code) {
    case "commander.unknownOption":
      return new UsageError(`${place}: unknown flag ${word}${flagHint(word, command)}`);
    case "commander.unknownCommand": {
      const names = program.commands.map((candidate) => candidate.name());
      return new UsageError(`unknown command "${word}"; known: ${names.join(", ")}${suggestion(word, names)}`);
    }
    case "commander.missingArgument":
      return new UsageError(`${place}: give ${article(word)} ${word}; ${place} --help shows how`);
    case "commander.optionMissingArgument":
      return new UsageError(`${place}: ${word} needs a value`);
    case "commander.missingMandatoryOptionValue":
      return new UsageError(`${place}: ${word} is missing; ${place} --help shows how`);
    case "commander.excessArguments":
      return new UsageError(
        `${place}: ${said
          .replace(/^too many arguments for '[^']*'\. /, "too many arguments: ")
          .toLowerCase()
          .replace(/\.$/, "")}`,
      );
    default:
      return new UsageError(`${place}: ${said}`);
  }
}

const article = (word: string): string => (/^[aeiou]/.test(word) ? "an" : "a");

/** The nearest flag; or `--set`, for the name of an option of an experiment. */
function flagHint(word: string, command: Command): string {
  const name = word.replace(/^-+/, "").split("=")[0];
  const options = [
    trainingFields,
    sequenceTrainingFields,
    splitFields,
    ...[...tasks, ...models, ...optimizers].map(({ fields }) => fields),
  ];
  const isOption = options.some((fields) => Object.hasOwn(fields, name));
  if (isOption && command.options.some(({ long }) => long === "--set")) return `; did you mean --set ${name}=VALUE?`;
  const flags = [...command.options.flatMap(({ long }) => (long ? [long] : [])), "--help"];
  return `; known: ${flags.join(", ")}${suggestion(word.split("=")[0], flags)}`;
}
