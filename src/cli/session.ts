import type { Io } from "./io.ts";
import { styleFor, type Style } from "./render/style.ts";
import { oneLine } from "./render/text.ts";

/** One call of the command line: where it writes, how that looks, and what it will exit with. */
export interface Session {
  readonly io: Io;
  /** What followed `groklab`. */
  readonly argv: readonly string[];
  /** Looks of standard output, of standard error. */
  readonly out: Style;
  readonly err: Style;
  exitCode: number;
  /** Lines of results. */
  print(...lines: readonly string[]): void;
  /** One object of `--json` results. */
  printJson(value: unknown): void;
  /** One line about what is going on, to standard error. */
  note(line: string): void;
  /** How the user types groklab. */
  readonly program: string;
}

export function session(argv: readonly string[], io: Io): Session {
  const err = styleFor(io.stderr, io.env);
  return {
    io,
    argv,
    out: styleFor(io.stdout, io.env),
    err,
    exitCode: 0,
    print: (...lines) => lines.forEach((line) => io.stdout.write(`${line}\n`)),
    printJson: (value) => io.stdout.write(`${JSON.stringify(value)}\n`),
    note: (line) => io.stderr.write(`${oneLine(line)}\n`),
    program: io.env["npm_command"] === "exec" ? "npx groklab" : "groklab",
  };
}

/** A command as it can be pasted into a shell. */
export function commandLine(program: string, args: readonly string[]): string {
  return [program, ...args.map(quoted)].join(" ");
}

const quoted = (arg: string): string => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`);
