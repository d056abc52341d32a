import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Io, Output, StopSignal } from "../io.ts";
import { runCli } from "../program.ts";

/** What a call of the command line did. */
export interface Called {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Bytes written to standard output. */
  readonly bytes: Uint8Array;
  /** Exit codes it asked to leave with at once. */
  readonly quits: readonly number[];
}

export interface CallOptions {
  readonly tty?: boolean;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Send this signal when a text is first written to standard error. */
  readonly signals?: readonly (readonly [text: string, signal: StopSignal])[];
  /** Called where it asks to leave at once. It goes on afterwards, as a process would not. */
  readonly onQuit?: (code: number) => void;
}

/** A folder to call the command line in, without a process of its own. */
export class Place {
  readonly folder = mkdtempSync(join(tmpdir(), "groklab-cli-"));

  readonly call = async (argv: readonly string[], options: CallOptions = {}): Promise<Called> => {
    const { tty = false, columns = 80, env = {}, signals = [], onQuit } = options;
    const listeners = new Set<(signal: StopSignal) => void>();
    const quits: number[] = [];
    const due = [...signals];
    const err = capture(tty, columns, (text) => {
      const at = due.findIndex(([trigger]) => text.includes(trigger));
      if (at < 0) return;
      const [[, signal]] = due.splice(at, 1) as [readonly [string, StopSignal]];
      for (const listen of listeners) listen(signal);
    });
    const out = capture(tty, columns);
    let seconds = 0;
    const io: Io = {
      stdout: out.output,
      stderr: err.output,
      env,
      cwd: this.folder,
      now: () => (seconds += 0.001),
      onSignal: (listen) => {
        listeners.add(listen);
        return () => listeners.delete(listen);
      },
      quit: (code) => {
        quits.push(code);
        onQuit?.(code);
      },
    };
    const code = await runCli(argv, io);
    return { code, stdout: out.text(), stderr: err.text(), bytes: out.bytes(), quits };
  };

  /** A file in the folder; its name. */
  file(name: string, content: string | Uint8Array): string {
    writeFileSync(join(this.folder, name), content);
    return name;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function capture(isTTY: boolean, columns: number, onText: (text: string) => void = () => undefined) {
  const chunks: Uint8Array[] = [];
  const output: Output = {
    isTTY,
    columns: isTTY ? columns : undefined,
    write: (chunk) => {
      chunks.push(typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk.slice());
      if (typeof chunk === "string") onText(chunk);
    },
  };
  const bytes = () => Buffer.concat(chunks);
  return { output, bytes, text: () => bytes().toString("utf8") };
}
