import { withoutPassword } from "../runs/passwords.ts";
import { discreet } from "./discreet.ts";
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
  /** An address of this call with the password that flags are shown without: only for whoever connects. */
  withPassword(address: string): string;
}

export function session(argv: readonly string[], own: Io): Session {
  const io = discreet(own, argv);
  const err = styleFor(io.stderr, io.env);
  // `--store=ADDRESS` is one argument.
  const addresses = argv.map((arg) => arg.replace(/^--[a-z-]+=/, ""));
  const full = new Map(addresses.map((address) => [withoutPassword(address), address]));
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
    withPassword: (address) => full.get(address) ?? address,
  };
}

/** A command as it can be pasted into a shell, and stored with a sweep: without passwords, which the environment can give. */
export function commandLine(program: string, args: readonly string[]): string {
  return [program, ...args.map((arg) => quoted(withoutPassword(arg)))].join(" ");
}

const quoted = (arg: string): string => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`);
