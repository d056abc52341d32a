// The same training steps in groklab, PyTorch and JAX, in turns on one thread:
// `npm run build && node bench/compare.mjs --python PATH [--rounds 3]`, with PATH a Python that has bench/peers'
// requirements. Evaluation is in none of them. Ratios are taken within a round, so that a drift of the machine cancels.
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { python: { type: "string", default: "python3" }, rounds: { type: "string", default: "3" } },
});
const here = dirname(fileURLToPath(import.meta.url));
const { works } = await import(join(here, "../dist/src/cli/bench.js"));

/** @typedef {{ form: string, msPerStep: number }} Timed */
/** @typedef {{ version: string, form: string, msPerStep: number, usual: Timed }} Peer */

const median = (/** @type {readonly number[]} */ values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** @param {string} script @param {string[]} flags @returns {Peer} */
function peer(script, ...flags) {
  const run = execFileSync(values.python, [join(here, "peers", script), ...flags, "--json"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(run.trimEnd().split("\n").at(-1) ?? "");
}

/** What is compared with what: one of groklab's workloads, and the flags of the same work elsewhere. */
const pairs = works
  // Language models have a peer of their own, torch_language_peer.py (README.md).
  .filter(
    (/** @type {{ unit: string, name: string }} */ { unit, name }) =>
      unit === "steps/s" && !name.startsWith("question"),
  )
  .flatMap((/** @type {{ name: string, dtype: string }} */ work) => {
    const parity = work.name.startsWith("sparse parity");
    const orders = parity ? [undefined] : ["collapsed", "natural"];
    return orders.map((order) => ({
      work,
      order,
      flags: [
        ...["--work", parity ? "parity" : "main", "--dtype", work.dtype],
        ...(order === undefined ? [] : ["--order", order]),
        ...(order === "natural" ? ["--steps", "100", "--blocks", "3"] : ["--steps", "300"]),
      ],
    }));
  });

const ms = (/** @type {number} */ value) => value.toPrecision(3);
console.log(
  "| work | type | groklab ms | peer, form | peer ms | peer / groklab |\n| --- | --- | --: | --- | --: | --: |",
);
for (const { work, order, flags } of pairs) {
  /** @type {number[]} */
  const own = [];
  /** @type {Map<string, { ms: number[], ratios: number[] }>} */
  const peers = new Map();
  for (let round = 0; round < Number(values.rounds); round++) {
    const rates = work.measure({ blocks: 5, steps: 1000, now: () => performance.now() / 1000 });
    const step = 1000 / median(rates);
    own.push(step);
    for (const [name, script] of /** @type {const} */ ([
      ["PyTorch", "torch_peer.py"],
      ["JAX", "jax_peer.py"],
    ])) {
      const { version, form, msPerStep, usual } = peer(script, ...flags);
      for (const timed of [usual, { form, msPerStep }]) {
        const label = `${name} ${version}, ${timed === usual ? "usual" : "fastest"}: ${timed.form}`;
        const entry = peers.get(label) ?? { ms: [], ratios: [] };
        entry.ms.push(timed.msPerStep);
        entry.ratios.push(timed.msPerStep / step);
        peers.set(label, entry);
      }
    }
  }
  for (const [label, { ms: times, ratios }] of peers) {
    const what = order === undefined ? work.name : `${work.name}; peer in ${order} order`;
    const cells = [what, work.dtype, ms(median(own)), label, ms(median(times)), median(ratios).toFixed(2)];
    console.log(`| ${cells.join(" | ")} |`);
  }
}
