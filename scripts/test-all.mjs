// Installs what the tests need and runs everything: `npm run test:all`. Needs only Node and npm; every stage is shown
// with its time, and the last line counts the tests of all engines.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureChromium } from "./lib/chromium.mjs";
import { ensureNode, otherMajors } from "./lib/nodes.mjs";
import { run } from "./lib/run.mjs";
import { ensureServers } from "./lib/servers.mjs";

process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));
const reports = "node_modules/.cache/groklab/tests";
const inCI = Boolean(process.env.CI);

/** @type {{ name: string, seconds: number, outcome: string }[]} */
const stages = [];
const tests = { passed: 0, failed: 0 };

/**
 * One stage. A failure is told, counted, and does not stop the others.
 * @param {string} name
 * @param {() => Promise<string | void>} work gives the outcome in words
 * @returns {Promise<boolean>} whether it succeeded
 */
async function stage(name, work) {
  console.log(`\n=== ${name}`);
  const began = performance.now();
  const failedBefore = tests.failed;
  let outcome;
  let good = true;
  try {
    outcome = (await work()) ?? "ok";
  } catch (error) {
    good = false;
    const message = /** @type {Error} */ (error).message;
    console.error(message);
    outcome = `FAILED: ${message}`;
    // A stage that fails without a failed test still counts, so that "0 failed" means that all is well.
    if (tests.failed === failedBefore) tests.failed += 1;
  }
  stages.push({ name, seconds: (performance.now() - began) / 1000, outcome });
  return good;
}

/** @param {string} script @param {string[]} args */
const npmRun = (script, ...args) => run("npm", ["run", "--silent", script, ...args]);

/**
 * Runs one project of the tests and adds up its counts.
 * @param {string} project
 * @param {string} node the program to run it with
 */
async function vitest(project, node) {
  const report = join(reports, `${project}-${stages.length}.json`);
  rmSync(report, { force: true });
  const flags = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const path = [dirname(node), process.env.PATH].join(delimiter);
  let failure;
  try {
    await run(node, ["node_modules/vitest/vitest.mjs", "run", "--project", project, ...flags], { env: { PATH: path } });
  } catch (error) {
    failure = error;
  }
  if (!existsSync(report)) throw failure ?? new Error("the tests left no report");
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, "utf8"));
  tests.passed += numPassedTests;
  tests.failed += numFailedTests;
  if (failure) throw numFailedTests > 0 ? new Error(`${numFailedTests} failed, ${numPassedTests} passed`) : failure;
  return `${numPassedTests} passed` + (numPendingTests > 0 ? `, ${numPendingTests} skipped` : "");
}

// npm writes this file last: an installation that was cut off starts again.
if (!existsSync("node_modules/.package-lock.json")) await stage("install", () => run("npm", ["ci"]));
mkdirSync(reports, { recursive: true });
await stage("Chromium", ensureChromium);
await stage("PostgreSQL, Redis, SLURM", async () => {
  try {
    await ensureServers();
  } catch (error) {
    if (inCI) throw error;
    return `SKIPPED: ${/** @type {Error} */ (error).message}`;
  }
});

/** @type {{ major: number, node: string }[]} */
const others = [];
for (const major of otherMajors) {
  await stage(`fetch Node ${major}`, async () => {
    try {
      others.push({ major, node: await ensureNode(major) });
    } catch (error) {
      if (inCI) throw error;
      return `SKIPPED: ${/** @type {Error} */ (error).message}`;
    }
  });
}

await stage("build", () => npmRun("build"));
await stage("check", () => npmRun("check"));
await stage(`unit tests, Node ${process.versions.node}`, () => vitest("unit", process.execPath));
for (const { major, node } of others) await stage(`unit tests, Node ${major}`, () => vitest("unit", node));
await stage("same bits in every engine", () => vitest("browser", process.execPath));
await stage("the web app in Chromium", () => vitest("web", process.execPath));
await stage("with real servers", () => vitest("servers", process.execPath));
await stage("the package, packed and installed", () => vitest("package", process.execPath));
await stage("sizes", () => npmRun("size"));

console.log(`\n${"seconds".padStart(8)}  stage`);
for (const { name, seconds, outcome } of stages) {
  console.log(`${seconds.toFixed(1).padStart(8)}  ${name}: ${outcome}`);
}
process.exitCode = tests.failed > 0 ? 1 : 0;
console.log(`\n${tests.passed} passed, ${tests.failed} failed`);
