import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite";
import { root } from "../tree.ts";

/** Bundles files for plain Node, by name: threads and child processes load no TypeScript, and tests need no built package. */
export async function bundle(files: Readonly<Record<string, string>>) {
  // Inside node_modules, where the packages are found from: those with native parts cannot be bundled.
  const outDir = join(root, "node_modules", ".cache", `workers-${process.pid}-${Date.now()}`);
  mkdirSync(outDir, { recursive: true });
  const input = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, join(root, file)]));
  await build({
    root,
    configFile: false,
    logLevel: "error",
    build: {
      ssr: true,
      outDir,
      minify: false,
      rolldownOptions: { input, output: { entryFileNames: "[name].js" } },
    },
  });
  return {
    script: (name: string) => join(outDir, `${name}.js`),
    remove: () => rmSync(outDir, { recursive: true, force: true }),
  };
}

/** The worker of the thread pool, and the command line beside it. */
export async function bundleWorker() {
  const { script, remove } = await bundle({ worker: "src/workers/worker.ts", main: "src/cli/main.ts" });
  return { worker: pathToFileURL(script("worker")), main: script("main"), remove };
}
