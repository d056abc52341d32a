// The browser that the tests drive: the system's own Chromium, installed by the system's package manager where it may.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { run, works } from "./run.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const places = [
  "/usr/bin",
  "/snap/bin",
  "/usr/local/bin",
  "/opt/homebrew/bin",
  ...(process.env.PATH ?? "").split(delimiter),
];
const macOS = ["Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome"];

export const missing =
  "Chromium is not installed: install it (Debian: apt-get install chromium; macOS: brew install --cask chromium), " +
  "or set CHROMIUM_PATH to a Chromium or Chrome, and run this again";

/** Flags for a browser that is alone, also as root in a container, and calls nobody. */
export const flags = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @param {string} file */
function executable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of a Chromium or Chrome: CHROMIUM_PATH when it is set, or the first one found. */
export function findChromium() {
  const { CHROMIUM_PATH: named } = process.env;
  if (named && !executable(named)) throw new Error(`CHROMIUM_PATH: ${named} is not a program; ${missing}`);
  if (named) return named;
  const candidates = places.flatMap((place) => names.map((name) => join(place, name)));
  return [...candidates, ...macOS.map((app) => join("/Applications", app))].find(executable);
}

/**
 * Finds Chromium, or installs it with apt-get where that needs no password.
 * @returns {Promise<string>} its path; rejects with one line that says what to install
 */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  if (works("apt-get", ["--version"]) && (asRoot.length === 0 || works("sudo", ["-n", "true"]))) {
    const apt = async (/** @type {string[]} */ ...args) => {
      const [program, ...rest] = [...asRoot, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", ...args];
      await run(/** @type {string} */ (program), rest);
    };
    try {
      await apt("update");
      await apt("install", "-y", "--no-install-recommends", "chromium");
    } catch (error) {
      throw new Error(`${missing} (${/** @type {Error} */ (error).message})`);
    }
  }
  const installed = findChromium();
  if (!installed) throw new Error(missing);
  return installed;
}
