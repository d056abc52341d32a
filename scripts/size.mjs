// The budget: source lines, WebAssembly, package, page and dependencies, as one short table. `npm run size` after a build.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { output } from "./lib/run.mjs";

process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));

/** @param {string} folder @returns {string[]} every file below it */
const files = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];
/** @param {string} file */
const lines = (file) => readFileSync(file, "utf8").split("\n").length - 1;
/** @param {readonly number[]} numbers */
const sum = (numbers) => numbers.reduce((total, n) => total + n, 0);
/** @param {number} bytes */
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
/** @param {string} name @param {string} text */
const row = (name, text) => console.log(`${name.padEnd(14)}${text}`);

const isSource = (/** @type {string} */ file) =>
  [".ts", ".mjs", ".svelte"].includes(extname(file)) && !file.endsWith("kernels.wasm.ts");
const isTest = (/** @type {string} */ file) => /^test\/|\.test\.|\/testing\//.test(file);

const all = ["src", "experiments", "web", "scripts", "bench", "test"].flatMap(files).filter(isSource);
const sources = all.filter((file) => !isTest(file));
const counted = sources.map((file) => ({ file, n: lines(file) })).sort((a, b) => b.n - a.n);

/** Lines added less lines removed since the last commit's parent, working tree included: "" outside a repository. */
function growth() {
  const changes = output("git", ["diff", "--numstat", "HEAD~1", "--", "src", "experiments", "web", "scripts", "bench"]);
  const rows = (changes ?? "").split("\n").map((line) => line.split("\t"));
  const net = rows
    .filter(([, , file]) => file && isSource(file) && !isTest(file))
    .map(([a, r]) => Number(a) - Number(r));
  return changes === undefined ? "" : ` (${sum(net) < 0 ? "" : "+"}${sum(net)} since the previous commit)`;
}

row("source", `${sum(counted.map(({ n }) => n))} lines in ${sources.length} files${growth()}`);
row("tests", `${sum(all.filter(isTest).map(lines))} lines in ${all.filter(isTest).length} files`);

/** @type {Map<string, number>} */
const rooms = new Map();
for (const { file, n } of counted) {
  const [top, next = ""] = file.split("/");
  const room = top === "src" ? next : `${top}/`;
  rooms.set(room, (rooms.get(room) ?? 0) + n);
}
const bySize = [...rooms].sort(([, a], [, b]) => b - a);
row("by room", bySize.map(([room, n]) => `${room} ${n}`).join(", "));
const largest = counted.slice(0, 5).map(({ file, n }) => `${relative("src", file).replace(/^\.\.\//, "")} ${n}`);
row("largest", largest.join(", "));

const generated = "src/tensor/kernels.wasm.ts";
const kernels = /"([A-Za-z0-9+/=]+)"/.exec(existsSync(generated) ? readFileSync(generated, "utf8") : "");
const wasm = Buffer.from(kernels?.[1] ?? "", "base64");
row("kernels", `${kB(wasm.length)} of WebAssembly, ${kB(gzipSync(wasm, { level: 9 }).length)} gzipped`);

const packed = JSON.parse(output("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"]) ?? "[]");
const [tarball] = /** @type {{ size: number, unpackedSize: number, entryCount: number }[]} */ (Object.values(packed));
if (!tarball || !existsSync("dist")) {
  console.error("size: there is no package to weigh; run npm run build first");
  process.exit(1);
}
row("package", `${kB(tarball.size)} packed, ${kB(tarball.unpackedSize)} unpacked, ${tarball.entryCount} files`);

const page = files("dist/web").map((file) => gzipSync(readFileSync(file), { level: 9 }).length);
if (page.length > 0) row("page", `${kB(sum(page))} gzipped in ${page.length} files`);

const { dependencies = {} } = JSON.parse(readFileSync("package.json", "utf8"));
const lock = /** @type {Record<string, { dev?: boolean, optional?: boolean }>} */ (
  JSON.parse(readFileSync("package-lock.json", "utf8")).packages
);
const shipped = Object.entries(lock).filter(([path, entry]) => path !== "" && !entry.dev);
const always = shipped.filter(([, entry]) => !entry.optional).length;
row("dependencies", `${Object.keys(dependencies).length} direct, ${always} installed with them, and prebuilt binaries`);
