import { spawn, spawnSync } from "node:child_process";

/**
 * Runs a program to its end, its output shown, its input empty.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options] `env` is added to this process's own
 * @returns {Promise<void>} rejects with one line when the program cannot start or does not exit with 0
 */
export function run(program, args, { env = {}, cwd } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...env },
      cwd,
    });
    child.on("error", (error) => reject(new Error(`${program}: ${error.message}`)));
    child.on("close", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${[program, ...args].join(" ")}: ended with ${signal ?? `exit code ${code}`}`));
    });
  });
}

/**
 * Whether a program starts and exits with 0, its output thrown away.
 * @param {string} program
 * @param {readonly string[]} args
 */
export function works(program, args) {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

/**
 * What a program writes to its standard output.
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {string | undefined} undefined when it fails
 */
export function output(program, args) {
  const { status, stdout } = spawnSync(program, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 1e8,
  });
  return status === 0 ? stdout : undefined;
}
