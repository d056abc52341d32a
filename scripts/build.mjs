// Builds the package: kernels, then JavaScript and types into dist/, and the web app into dist/web. The new folder replaces the old one only when it is
// whole, and brings no file that has lost its source.
import { chmodSync, existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { main } from "./lib/main.mjs";
import { run } from "./lib/run.mjs";

await main(async () => {
  const fresh = "node_modules/.cache/groklab/dist";
  rmSync(fresh, { recursive: true, force: true });
  await run(process.execPath, ["scripts/build-kernels.mjs"]);
  await run(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json", "--outDir", fresh]);

  const page = ["build", "--config", "web/vite.config.ts", "--outDir", resolve(fresh, "web"), "--logLevel", "warn"];
  await run(process.execPath, ["node_modules/vite/bin/vite.js", ...page]);

  /** @type {{ bin: Record<string, string> }} */
  const { bin } = JSON.parse(readFileSync("package.json", "utf8"));
  for (const file of Object.values(bin)) {
    const built = file.replace("dist", fresh);
    if (!existsSync(built)) throw new Error(`build: ${file} has no source, and package.json promises it`);
    chmodSync(built, 0o755);
  }
  rmSync("dist", { recursive: true, force: true });
  renameSync(fresh, "dist");
});
