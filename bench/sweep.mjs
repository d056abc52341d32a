// The parity sweep of 1,125 networks from a sample of its runs: one whole run of each of its 25 sizes, trained as
// `groklab sweep` trains them, and beside it training steps of the same sizes in PyTorch and JAX.
// `npm run build && node bench/sweep.mjs [--workers 2] [--python PATH] [--peers torch,jax] [--compile]`, with PATH a Python that has
// bench/peers' requirements.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    workers: { type: "string", default: String(availableParallelism()) },
    python: { type: "string" },
    peers: { type: "string", default: "torch,jax" },
    // Compiling anew for each size takes minutes.
    compile: { type: "boolean", default: false },
  },
});
const workers = Number(values.workers);
const here = dirname(fileURLToPath(import.meta.url));
const built = (/** @type {string} */ file) => import(join(here, "../dist", file));
const { sparseParitySweep } = await built("experiments/sparse-parity-sweep.js");
const { expand } = await built("src/train/sweep.js");
const { train } = await built("src/train/train.js");
const { openFolderStore } = await built("src/runs/folder-store.js");
const { runSweep } = await built("src/workers/run-sweep.js");

/** @typedef {{ readonly training: Record<string, number>, readonly task: Record<string, number>, readonly model: Record<string, number> }} Plan */
/** @typedef {{ readonly id: string, readonly plan: Plan & { readonly seed: number }, readonly setting: Record<string, number> }} Run */
/** @type {Run[]} */
const all = expand(sparseParitySweep.sweep).runs;
const sizeOf = (/** @type {Run} */ { setting }) => `${setting["task.trainSize"]} ${setting["model.dMlp"]}`;
const decays = [...new Set(all.map(({ setting }) => setting["optimizer.weightDecay"]))];
const sizes = [...new Set(all.map(sizeOf))];
/** One run of each size, with a weight decay and a seed that go round. */
const sample = sizes.map((size, i) => {
  const these = all.filter((run) => sizeOf(run) === size);
  const decay = decays[(i + Math.floor(i / decays.length)) % decays.length];
  return /** @type {Run} */ (these.find(({ setting, plan }) => setting["optimizer.weightDecay"] === decay && plan.seed === i % 9)); // prettier-ignore
});
const minutes = (/** @type {number} */ seconds) => `${(seconds / 60).toFixed(1)} min`;
const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(1)} %`;
const sum = (/** @type {readonly number[]} */ numbers) => numbers.reduce((total, n) => total + n, 0);

// 1. The runs themselves, stored.
const folder = mkdtempSync(join(tmpdir(), "groklab-bench-"));
const store = await openFolderStore(folder);
const sitting = performance.now();
/** @type {{ run: Run, seconds: number }[]} */
const ended = [];
let trainingFrom = 0;
const work = runSweep(store, sample, {
  workers,
  policy: "pair",
  onRun: (/** @type {{ run: Run, seconds: number }} */ end) => ended.push(end),
});
// The trials before the first run are paid once, not once per sample.
while (work.state().secondsLeft === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
trainingFrom = performance.now();
await work.end;
const wall = (performance.now() - trainingFrom) / 1000;
const trials = (trainingFrom - sitting) / 1000;
await store.close();
rmSync(folder, { recursive: true, force: true });
const training = sum(ended.map(({ seconds }) => seconds));
const scale = all.length / sample.length;
console.log(`${sample.length} runs of ${all.length}, one of each size, ${workers} workers, Node ${process.version}`);
console.log(`  wall ${wall.toFixed(1)} s, ${((60 * sample.length) / wall).toFixed(1)} runs/min; trials before it ${trials.toFixed(1)} s`); // prettier-ignore
console.log(`  of the workers' time: training ${percent(training / (wall * workers))}, the rest is storing, verdicts and waiting at the end`); // prettier-ignore
console.log(`  the whole sweep: ${minutes((training * scale) / workers)} of training on ${workers} workers, ${minutes(wall * scale + trials)} in all`); // prettier-ignore
console.log(`  memory: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB at most`);

// 2. Where the time of a run goes, and how far it is from what the processor could do.
const hertz = clock();
console.log(`\nclock ${(hertz / 1e9).toFixed(2)} GHz, measured`);
console.log("hidden  us/step  in kernels  limit us/step  of the limit");
/** Seconds of one worker for every run of a size of the hidden layer, over the training sizes. */
const shares = [];
for (const hidden of [...new Set(all.map(({ setting }) => setting["model.dMlp"]))]) {
  const run = /** @type {Run} */ (sample.find(({ setting }) => setting["model.dMlp"] === hidden && setting["task.trainSize"] === 1250)); // prettier-ignore
  const steps = 4000;
  const { kernels, seconds } = await profiled({ ...run.plan, training: { ...run.plan.training, steps } });
  const limit = leastSeconds(1250, hidden, hertz);
  shares.push({ kernels, weight: seconds });
  console.log(
    [
      String(hidden).padStart(6),
      ((1e6 * seconds) / steps).toFixed(1).padStart(7),
      percent(kernels).padStart(10),
      (1e6 * limit).toFixed(1).padStart(13),
      percent((limit * steps) / seconds).padStart(12),
    ].join("  "),
  );
}
const weighted = sum(shares.map(({ kernels, weight }) => kernels * weight)) / sum(shares.map(({ weight }) => weight));
console.log(`share of a run's time in kernels, over the sweep: ${percent(weighted)}`);

// 3. The same sizes elsewhere: training steps only, without evaluation, set-up and storing.
if (values.python !== undefined) {
  for (const name of values.peers.split(",")) peer(name, values.python);
}

/**
 * The least time of a training step: for each example, layer of chunks and vector of four hidden units, one row of the
 * table is loaded and added on the way forward and one on the way back; a core loads two vectors in a cycle.
 * @param {number} examples @param {number} hidden @param {number} hertz
 */
function leastSeconds(examples, hidden, hertz) {
  const chunks = 6;
  const loads = 2 * examples * chunks * Math.ceil(hidden / 4);
  return loads / 2 / hertz;
}

/** Cycles per second, from additions that wait for each other: one cycle each. */
function clock() {
  const chain = (/** @type {number} */ n) => {
    let x = 1;
    for (let i = 0; i < n; i++) x = ((x ^ i) + 1) | 0;
    return x;
  };
  chain(1e7);
  let best = 0;
  for (let i = 0; i < 5; i++) {
    const began = performance.now();
    chain(2e8);
    best = Math.max(best, (2 * 2e8) / ((performance.now() - began) / 1000));
  }
  return best;
}

/** Share of the samples of a profile that lie in WebAssembly, and seconds of the run. @param {object} plan */
async function profiled(plan) {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 500 });
  for (const _ of train({ ...plan, training: { .../** @type {Plan} */ (plan).training, steps: 300 } })) continue; // warm
  await session.post("Profiler.start");
  const began = performance.now();
  for (const _ of train(plan)) continue;
  const seconds = (performance.now() - began) / 1000;
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  const inKernels = new Set(
    profile.nodes.filter(({ callFrame }) => callFrame.url.startsWith("wasm:")).map(({ id }) => id),
  );
  const deltas = profile.timeDeltas ?? [];
  const spent = (/** @type {(id: number) => boolean} */ counts) => sum((profile.samples ?? []).map((id, i) => (counts(id) ? (deltas[i] ?? 0) : 0))); // prettier-ignore
  return { kernels: spent((id) => inKernels.has(id)) / spent(() => true), seconds };
}

/** @param {string} name @param {string} python */
function peer(name, python) {
  const forms = name !== "torch" || values.compile ? [] : ["--form", "eager", "--form", "eager fused"];
  // Time is a straight line in the number of examples: three sizes stand for five.
  const examples = [750, 1250, 1750];
  const hiddens = [...new Set(all.map(({ setting }) => setting["model.dMlp"]))];
  /** @type {Map<string, number>} Seconds of all steps of the sweep on one core, by form. */
  const totals = new Map();
  let version = "";
  for (const hidden of hiddens) {
    for (const n of examples) {
      const flags = ["--work", "parity", "--examples", `${n}`, "--hidden", `${hidden}`, "--steps", "100", "--blocks", "3", "--json", ...forms]; // prettier-ignore
      const output = execFileSync(python, [join(here, "peers", `${name}_peer.py`), ...flags], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      const found = JSON.parse(output.trimEnd().split("\n").at(-1) ?? "");
      version = found.version;
      for (const [form, timed] of [
        ["usual", found.usual],
        ["fastest", found],
      ]) {
        const runs = all.length / (hiddens.length * examples.length);
        totals.set(form, (totals.get(form) ?? 0) + (timed.msPerStep / 1000) * 20_000 * runs);
      }
    }
  }
  for (const [form, seconds] of totals) {
    console.log(`${name} ${version}, ${form} form: ${minutes(seconds / workers)} of steps on ${workers} cores, ${(seconds / (training * scale)).toFixed(1)} times groklab's whole training`); // prettier-ignore
  }
}
