// Programs of the system that the tests need: where they are, and how they come where the package manager may install.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { run, works } from "./run.mjs";

/** @param {string} file */
export function executable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Folders in which programs lie, also those that a user's PATH leaves out. */
export const places = [
  ...["/usr/bin", "/usr/sbin", "/snap/bin", "/usr/local/bin", "/usr/local/sbin", "/opt/homebrew/bin"],
  ...(process.env.PATH ?? "").split(delimiter),
];

/**
 * The first program of one of these names.
 * @param {readonly string[]} names
 * @param {readonly string[]} [folders]
 */
export const findProgram = (names, folders = places) =>
  folders.flatMap((folder) => names.map((name) => join(folder, name))).find(executable);

/**
 * Installs packages of Debian where that needs no password; does nothing elsewhere.
 * @param {readonly string[]} packages
 */
export async function aptInstall(packages) {
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  if (!works("apt-get", ["--version"]) || (asRoot.length > 0 && !works("sudo", ["-n", "true"]))) return;
  const apt = async (/** @type {string[]} */ ...args) => {
    const [program, ...rest] = [...asRoot, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", ...args];
    await run(/** @type {string} */ (program), rest);
  };
  await apt("update");
  await apt("install", "-y", "--no-install-recommends", ...packages);
}
