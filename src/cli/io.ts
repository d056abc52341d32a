import { exitCodes, fileTrouble } from "./failures.ts";

/** Where a command writes. */
export interface Output {
  /** Dropped without a word once the reader has gone away, so that a run goes on being stored. */
  write(chunk: string | Uint8Array): void;
  readonly isTTY: boolean;
  /** Width of the terminal now; it may change. Undefined where it is none. */
  readonly columns: number | undefined;
}

/** Everything a command may touch of its process, so that tests can call it without one. */
export interface Io {
  /** Results. */
  readonly stdout: Output;
  /** Progress and errors. */
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Seconds of a clock that only goes forward. */
  now(): number;
  /** Calls back at a signal that asks to stop, until the returned function is called. */
  onSignal(listen: (signal: StopSignal) => void): () => void;
  /** Leave at once. */
  quit(code: number): void;
}

/** Ctrl-C, a polite kill, and a closed terminal; each with its exit code, 128 + its number. */
export const stopSignals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
export type StopSignal = keyof typeof stopSignals;

/** The Io of this process. */
export function processIo(): Io {
  return {
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    now: () => performance.now() / 1000,
    onSignal: (listen) => {
      const signals = Object.keys(stopSignals) as StopSignal[];
      for (const signal of signals) process.on(signal, listen);
      return () => {
        for (const signal of signals) process.off(signal, listen);
      };
    },
    quit: (code) => process.exit(code),
  };
}

/** A reader that goes away (`| head`) or a terminal that closes must not end a run. */
const gone = new Set(["EPIPE", "EIO", "ECONNRESET", "ERR_STREAM_DESTROYED"]);

function output(stream: NodeJS.WriteStream): Output {
  let open = true;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    open = false;
    if (gone.has(error.code ?? "")) return;
    process.exitCode = exitCodes.failed; // what was to be printed is lost, say on a full disk
    if (stream !== process.stderr) process.stderr.write(`groklab: output: ${fileTrouble(error) ?? error.message}\n`);
  });
  return {
    write: (chunk) => {
      if (open) stream.write(chunk);
    },
    isTTY: stream.isTTY,
    get columns() {
      return stream.isTTY ? terminalWidth(stream) : undefined;
    },
  };
}

/** Asked of the terminal itself: `columns` learns of a change only when the event loop turns, which training holds up. */
function terminalWidth(stream: NodeJS.WriteStream): number {
  try {
    return stream.getWindowSize()[0] || 80; // a pseudo-terminal without a size says 0
  } catch {
    return stream.columns || 80; // the terminal has been closed
  }
}
