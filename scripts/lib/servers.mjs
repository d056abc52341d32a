// The servers that groklab works with, for the tests: Debian's packages, installed where the package manager may.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { aptInstall, findProgram, places } from "./programs.mjs";

const packages = ["postgresql", "redis-server", "slurm-wlm", "munge"];

export const missing =
  `not every server of the tests is installed; install them (Debian: apt-get install ${packages.join(" ")}), ` +
  "and run this again";

/** PostgreSQL's programs lie together, apart from others: Debian has a folder for each version. */
function postgresFolders() {
  const folders = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"].flatMap((folder) => {
    try {
      const versions = readdirSync(folder).filter((name) => /^(postgresql@?)?\d+$/.test(name));
      const number = (/** @type {string} */ name) => Number(/\d+$/.exec(name)?.[0]);
      return versions.sort((a, b) => number(b) - number(a)).map((name) => join(folder, name, "bin"));
    } catch {
      return [];
    }
  });
  return [...folders, ...places];
}

/**
 * The path of a server's program, or undefined where it is not installed.
 * @param {"postgres" | "initdb" | "redis-server" | "slurmctld" | "slurmd" | "munged"} name
 */
export function findServer(name) {
  return findProgram([name], name === "postgres" || name === "initdb" ? postgresFolders() : places);
}

/** @type {readonly Parameters<typeof findServer>[0][]} */
const needed = ["postgres", "initdb", "redis-server", "slurmctld", "slurmd", "munged"];
const absent = () => needed.filter((name) => findServer(name) === undefined);

/** Finds the servers, or installs them with apt-get where that needs no password; rejects with one line. */
export async function ensureServers() {
  if (absent().length === 0) return;
  try {
    await aptInstall(packages);
  } catch (error) {
    throw new Error(`${missing} (${/** @type {Error} */ (error).message})`);
  }
  const still = absent();
  if (still.length > 0) throw new Error(`${still.join(", ")}: ${missing}`);
}
