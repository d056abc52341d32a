// Other versions of Node for the tests: the oldest that the package supports and a current one. They come from the npm
// registry into a cache beside the installed packages, and leave package.json as it is.
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { output, run } from "./run.mjs";

/** The major versions that every test run covers: the oldest supported one and a current one. */
export const majors = [20, 26];

const cache = "node_modules/.cache/groklab";
const thisMajor = Number(process.versions.node.split(".")[0]);

/** The majors that this process is not. */
export const otherMajors = majors.filter((major) => major !== thisMajor);

/** The npm package that holds Node's program for this system; it has no install script. */
function platformPackage() {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const prefix = process.platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  return `${prefix}-${platform}-${process.arch}`;
}

/**
 * The program of another Node, if it has been fetched.
 * @param {number} major
 */
export function findNode(major) {
  const file = join(process.cwd(), cache, `node-${major}`, "node_modules", platformPackage(), "bin/node");
  return existsSync(file) ? file : undefined;
}

/**
 * Fetches a Node unless it is there.
 * @param {number} major
 * @returns {Promise<string>} its program; rejects with one line
 */
export async function ensureNode(major) {
  const found = findNode(major);
  if (found) return found;
  const prefix = join(cache, `node-${major}`);
  mkdirSync(prefix, { recursive: true });
  // An unreachable registry is told in seconds, not in a minute.
  const patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=2000"];
  const flags = [
    ...patience,
    "--no-save",
    "--no-package-lock",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--prefix",
    prefix,
  ];
  try {
    await run("npm", ["install", ...flags, `${platformPackage()}@${major}`]);
  } catch (error) {
    throw new Error(
      `Node ${major} could not be fetched from the npm registry (${/** @type {Error} */ (error).message})`,
    );
  }
  const file = findNode(major);
  if (!file || output(file, ["-p", "0"]) !== "0\n") throw new Error(`Node ${major} was fetched and does not start`);
  return file;
}
