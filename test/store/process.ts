import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "vite";
import { root } from "../tree.ts";

/** Bundles child.ts for plain Node, so that tests need no built package. @returns the script and how to remove it */
export async function bundleChild(): Promise<{ script: string; remove: () => void }> {
  // Inside node_modules, where the native parts of libsql are found from.
  const outDir = join(root, "node_modules", ".cache", `store-child-${process.pid}-${Date.now()}`);
  mkdirSync(outDir, { recursive: true });
  await build({
    root,
    configFile: false,
    logLevel: "error",
    ssr: { noExternal: true, external: ["libsql"] },
    build: {
      ssr: join(root, "test/store/child.ts"),
      outDir,
      minify: false,
      rolldownOptions: { output: { entryFileNames: "child.mjs" } },
    },
  });
  return { script: join(outDir, "child.mjs"), remove: () => rmSync(outDir, { recursive: true, force: true }) };
}

export interface Child {
  readonly process: ChildProcess;
  readonly lines: readonly string[];
  /** Resolves with the first line that fits, also one that came before. */
  waitFor(fits: (line: string) => boolean): Promise<string>;
  send(line: string): void;
  /** Resolves when it has ended and all it said has been read. */
  readonly ended: Promise<void>;
}

/** @param limit a shell command that goes before, such as `ulimit -f 100` */
export function startChild(script: string, args: readonly string[], limit = "true"): Child {
  const line = `${limit} && exec "${process.execPath}" "${script}" "$@"`;
  const child = spawn("sh", ["-c", line, "sh", ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let over = false;
  const reader = createInterface({ input: child.stdout });
  reader.on("line", (text) => {
    lines.push(text);
    for (const look of [...waiting]) look();
  });
  reader.on("close", () => {
    over = true;
    for (const look of [...waiting]) look();
  });
  const allRead = new Promise((resolve) => reader.on("close", resolve));
  const gone = new Promise((resolve) => child.on("close", resolve));
  const ended = Promise.all([allRead, gone]).then(() => undefined);
  return {
    process: child,
    lines,
    ended,
    send: (text) => void child.stdin.write(`${text}\n`),
    waitFor: (fits) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find(fits);
          if (found === undefined && !over) return;
          waiting.delete(look);
          if (found === undefined) reject(new Error(`the process ended; it said: ${lines.slice(-5).join(" | ")}`));
          else resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}
