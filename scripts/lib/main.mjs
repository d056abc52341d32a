import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Runs a script's work in the project's root; an error becomes one line and exit code 1.
 * @param {() => Promise<void>} work
 */
export async function main(work) {
  process.chdir(join(dirname(fileURLToPath(import.meta.url)), "../.."));
  try {
    await work();
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    process.exitCode = 1;
  }
}
