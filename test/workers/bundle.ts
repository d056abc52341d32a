import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite";
import { root } from "../tree.ts";

/**
 * Bundles the worker, and the command line beside it, for plain Node: threads and child processes load no TypeScript, and
 * tests need no built package.
 */
export async function bundleWorker() {
  // Inside node_modules, where the packages are found from: those with native parts cannot be bundled.
  const outDir = join(root, "node_modules", ".cache", `workers-${process.pid}-${Date.now()}`);
  mkdirSync(outDir, { recursive: true });
  await build({
    root,
    configFile: false,
    logLevel: "error",
    build: {
      ssr: true,
      outDir,
      minify: false,
      rolldownOptions: {
        input: { worker: join(root, "src/workers/worker.ts"), main: join(root, "src/cli/main.ts") },
        output: { entryFileNames: "[name].js" },
      },
    },
  });
  return {
    worker: pathToFileURL(join(outDir, "worker.js")),
    main: join(outDir, "main.js"),
    remove: () => rmSync(outDir, { recursive: true, force: true }),
  };
}
