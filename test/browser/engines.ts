import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium, type Page } from "playwright-core";
import { build } from "vite";
import { findChromium, flags, missing } from "../../scripts/lib/chromium.mjs";
import type { Report } from "./report.ts";

/** The same report, computed on the main thread and on another one. */
export interface Reports {
  readonly engine: string;
  readonly main: Report;
  readonly worker: Report;
}

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** Bundles `report.ts` with the library's sources into one module that every engine loads. */
export async function bundleReport(): Promise<{ readonly file: string; readonly remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), "groklab-engines-"));
  await build({
    configFile: false,
    logLevel: "warn",
    build: {
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      target: "es2022",
      lib: { entry: here("report.ts"), formats: ["es"], fileName: () => "report.mjs" },
    },
  });
  return { file: join(folder, "report.mjs"), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Runs the bundle in another process of Node, on its main thread and on a worker thread. */
export async function inNode(node: string, bundle: string): Promise<Reports> {
  const run = promisify(execFile);
  const { stdout } = await run(node, [here("run-in-node.mjs"), bundle], { maxBuffer: 1e8 });
  return JSON.parse(stdout) as Reports;
}

const workerSource = `import { report } from "./report.mjs"; postMessage(await report());`;

/** Serves the bundle to the page alone: this machine only, a port of the system's choice. */
async function serve(bundle: string): Promise<{ readonly url: string; readonly close: () => void }> {
  const pages: Record<string, { readonly type: string; readonly body: string | Buffer }> = {
    "/": { type: "text/html", body: "<!doctype html><title>groklab</title><link rel=icon href=data:,>" },
    "/worker.mjs": { type: "text/javascript", body: workerSource },
    [`/${basename(bundle)}`]: { type: "text/javascript", body: await readFile(bundle) },
  };
  const server = createServer((request, response) => {
    const page = pages[request.url ?? ""];
    response.writeHead(page ? 200 : 404, { "content-type": page?.type ?? "text/plain" }).end(page?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

/** Runs the bundle in headless Chromium, in the page and in a Worker. @throws one line when there is no Chromium */
export async function inChromium(bundle: string): Promise<Reports> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(missing);
  const server = await serve(bundle);
  const browser = await chromium.launch({ executablePath, args: flags });
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => void (message.type() === "error" && problems.push(message.text())));
    page.setDefaultTimeout(0);
    await page.goto(server.url);
    const reports = await reportsOf(page);
    if (problems.length > 0) throw new Error(`the page complained: ${problems.join("; ")}`);
    return { engine: `Chromium ${browser.version()}`, ...reports };
  } finally {
    await browser.close();
    server.close();
  }
}

// Sources as text: what runs in the page must not pass through this process's compiler.
const onPage = `import("/report.mjs").then((module) => module.report())`;
const onWorker = `new Promise((resolve, reject) => {
  const worker = new Worker("/worker.mjs", { type: "module" });
  worker.onmessage = (event) => resolve(event.data);
  worker.onerror = (event) => reject(new Error("worker: " + event.message));
})`;

async function reportsOf(page: Page): Promise<Omit<Reports, "engine">> {
  return { main: await page.evaluate<Report>(onPage), worker: await page.evaluate<Report>(onWorker) };
}
