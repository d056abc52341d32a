// The browser that the tests drive: the system's own Chromium, installed by the system's package manager where it may.
import { join } from "node:path";
import { aptInstall, executable, findProgram } from "./programs.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
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

/** The path of a Chromium or Chrome: CHROMIUM_PATH when it is set, or the first one found. */
export function findChromium() {
  const { CHROMIUM_PATH: named } = process.env;
  if (named && !executable(named)) throw new Error(`CHROMIUM_PATH: ${named} is not a program; ${missing}`);
  return named || (findProgram(names) ?? macOS.map((app) => join("/Applications", app)).find(executable));
}

/**
 * Finds Chromium, or installs it with apt-get where that needs no password.
 * @returns {Promise<string>} its path; rejects with one line that says what to install
 */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  try {
    await aptInstall(["chromium"]);
  } catch (error) {
    throw new Error(`${missing} (${/** @type {Error} */ (error).message})`);
  }
  const installed = findChromium();
  if (!installed) throw new Error(missing);
  return installed;
}
