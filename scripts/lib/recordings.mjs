// Which runs the app is shipped with, and how a stored run becomes a recording.

/** From the built package, which a check before the build does without. @param {string} path */
export const built = (path) => import(new URL(`../../dist/${path}`, import.meta.url).href);
/** @type {typeof import("../../experiments/index.ts")} */
const { experiments } = await built("experiments/index.js");
/** @type {typeof import("../../src/analyses/collapse.ts")} */
const { collapse } = await built("src/analyses/collapse.js");
/** @type {typeof import("../../src/train/sweep.ts")} */
const { expand } = await built("src/train/sweep.js");
/** @type {typeof import("../../src/train/plan.ts")} */
const { plan, runId, withOptions } = await built("src/train/plan.js");

/**
 * @typedef {object} Wanted
 * @property {string} name of the file, without its ending
 * @property {string} experiment
 * @property {readonly (readonly [string, string])[]} [set] options that differ from the experiment's
 * @property {number} [seed] another than the experiment's
 * @property {string} [sweep] a stored sweep instead of an experiment: thinned curves of every run that is over
 * @property {{ readonly task: string, readonly steps: number }} [every] runs of the store where it remembers no such sweep
 * @property {readonly number[]} [seeds] of a gallery: only thinned curves and the last weights are kept of each
 * @property {number} [levels] of each weight, above zero
 */

/** @type {readonly Wanted[]} */
export const recordings = [
  { name: "modular-addition", experiment: "modular-addition", levels: 255 },
  { name: "sparse-parity", experiment: "sparse-parity", levels: 127 },
  { name: "sparse-parity-l2", experiment: "sparse-parity-l2", levels: 127 },
  { name: "five-neurons", experiment: "five-neurons", set: [["checkpointEvery", "150"]], levels: 1023 },
  { name: "reverse-grokking", experiment: "reverse-grokking", levels: 127 },
  { name: "generalize-memorize-generalize", experiment: "generalize-memorize-generalize", levels: 127 },
  { name: "quick", experiment: "quick", set: [["checkpointEvery", "100"]], levels: 127 },
  // Nothing shared, nothing factored: the network of which the published page says that it does not generalize.
  {
    name: "unfactored",
    experiment: "modular-addition",
    set: [
      ["embed", "input-tied"],
      ["collapsedHidden", "true"],
      ["collapsedOut", "true"],
      ["dModel", "24"],
      ["dMlp", "24"],
      ["weightDecay", "0.3"],
    ],
    levels: 127,
  },
  // Seeds of the gallery that are recorded whole: generalizing early and late, undecided, and memorizing to the end.
  ...[4, 12, 0, 16].map((seed) => ({
    name: `modular-addition-s${seed}`,
    experiment: "modular-addition",
    seed,
    levels: 127,
  })),
  {
    name: "seeds",
    experiment: "modular-addition",
    set: [["checkpointEvery", "0"]],
    seeds: Array.from({ length: 100 }, (_, seed) => seed),
    levels: 63,
  },
  {
    name: "sparse-parity-sweep",
    experiment: "",
    sweep: "sparse-parity-sweep",
    every: { task: "sparse-parity", steps: 20_000 },
  },
  { name: "architecture-sweep", experiment: "", sweep: "architecture-sweep" },
  { name: "weight-decay", experiment: "", sweep: "weight-decay" },
  { name: "train-fraction", experiment: "", sweep: "train-fraction" },
];

/** @param {Wanted} wanted */
export function commandOf({ experiment, set = [], seed, seeds, sweep }) {
  if (sweep) return `npx groklab sweep ${sweep}`;
  const options = set.map(([name, value]) => ` --set ${name}=${value}`).join("");
  if (!seeds) return `npx groklab run ${experiment}${seed === undefined ? "" : ` --seed ${seed}`}${options}`;
  return `for SEED in $(seq ${seeds[0]} ${seeds.at(-1)}); do npx groklab run ${experiment} --seed $SEED${options}; done`;
}

/**
 * The recordings of one file: empty when a run is missing; of a gallery, those that there are.
 * @param {import("../../src/runs/store.ts").Store} store
 * @param {Wanted} wanted
 * @returns {Promise<readonly import("../../src/runs/recording/recording.ts").Recording[]>}
 */
export async function collect(store, { experiment: name, set = [], seed, seeds, sweep, every }) {
  if (sweep) return collectSweep(store, sweep, every);
  const declared = experiments.find((known) => known.name === name);
  if (!declared) throw new Error(`${name}: no such experiment`);
  const experiment = withOptions(declared.experiment, set);
  const plans = (seeds ?? [seed ?? declared.experiment.seed ?? 0]).map((chosen) =>
    plan({ ...experiment, seed: chosen }),
  );
  const made = [];
  for (const wanted of plans) {
    const found = await record(store, wanted, seeds !== undefined);
    if (found) made.push(found);
    // Seeds in a row, from the first on: a gallery leaves none out.
    else break;
  }
  return made;
}

/** Steps between two evaluations of a run in a gallery: its curve is a few centimeters wide. */
const galleryEvery = 500;

/**
 * @param {import("../../src/runs/store.ts").Store} store
 * @param {import("../../src/train/experiment.ts").Plan} plan
 * @param {boolean} thin
 */
async function record(store, plan, thin) {
  const id = runId(plan);
  const run = await store.find(id);
  if (run?.status !== "finished" || !run.verdict) return undefined;
  const { label, policy, className, fitStep, generalizeStep, lastStep } = run.verdict;
  const evals = await store.evals(id);
  const steps = await store.checkpoints(id);
  /** @type {{ step: number, matrices: ReturnType<typeof matricesOf> }[]} */
  const frames = [];
  for (const step of thin ? steps.slice(-1) : steps) {
    frames.push({ step, matrices: matricesOf((await store.loadCheckpoint(id, step)).params) });
  }
  const tracks = Object.entries(frames[0].matrices).map(([name, { rows, cols }]) => {
    const data = new Float32Array(frames.length * rows * cols);
    frames.forEach(({ matrices }, i) => data.set(matrices[name].data, i * rows * cols));
    return { name, rows, cols, steps: frames.map(({ step }) => step), data };
  });
  return {
    plan,
    evals: thin
      ? evals.filter(({ step }, i) => step % galleryEvery === 0 || i === evals.length - 1).map(rounded)
      : evals,
    tracks,
    verdict: { label, policy, className, fitStep, generalizeStep, lastStep },
    weightsHash: run.weightsHash,
  };
}

/**
 * What is kept of the weights, by the names of a recording's tracks.
 * @param {import("../../src/tensor/index.ts").NamedArrays} params
 * @returns {Record<string, { rows: number, cols: number, data: ArrayLike<number> }>}
 */
function matricesOf(params) {
  if (!("embed.W_E" in params)) {
    return Object.fromEntries(
      ["mlp.W_in", "mlp.W_out"].map((name) => {
        const { shape, data } = params[name];
        return [name, { rows: shape[0], cols: shape[1], data }];
      }),
    );
  }
  const { inputs, output } = collapse(params);
  const [a, b] = inputs;
  return { "inputs.0": a, ...(a !== b && { "inputs.1": b }), output };
}

/** Evaluations of a run of a sweep that are kept: its curve is as wide as a thumb. */
const sweepPlaces = 41;

/**
 * Every run of a stored sweep that is over, with the numbers that its class is decided by.
 * @param {import("../../src/runs/store.ts").Store} store
 * @param {string} name
 * @param {Wanted["every"]} every
 */
async function collectSweep(store, name, every) {
  const found = await store.findSweep(name);
  const runs = found
    ? await store.records(expand(found.sweep).runs.map(({ id }) => id))
    : (await store.list()).filter(
        ({ plan }) => every && plan.task.name === every.task && plan.training["steps"] === every.steps,
      );
  const made = [];
  for (const run of runs) {
    const { id } = run;
    if (!run.verdict || run.status !== "finished") continue;
    const { label, policy, className, fitStep, generalizeStep, lastStep, extremes } = run.verdict;
    const evals = await store.evals(id);
    const places = Math.min(sweepPlaces, evals.length);
    const kept = new Set(
      Array.from({ length: places }, (_, i) => Math.round((i * (evals.length - 1)) / Math.max(1, places - 1))),
    );
    made.push({
      plan: run.plan,
      evals: evals.filter((_, i) => kept.has(i)).map(rounded),
      tracks: [],
      verdict: { label, policy, className, fitStep, generalizeStep, lastStep },
      extremes,
      weightsHash: run.weightsHash,
    });
  }
  return made;
}

const bits = new DataView(new ArrayBuffer(4));

/**
 * An evaluation to three digits, without its norms: enough for a curve as wide as a thumb.
 * @param {import("../../src/train/eval.ts").Eval} evaluation
 */
function rounded({ step, train, test }) {
  // The lower half of a float32's fraction becomes zero, which deflates to nothing; three digits remain.
  const round = (/** @type {number} */ value) => {
    bits.setFloat32(0, value);
    if (Number.isFinite(value)) bits.setUint32(0, (bits.getUint32(0) + 0x800) & 0xfffff000);
    return bits.getFloat32(0);
  };
  const half = (/** @type {import("../../src/train/eval.ts").Score} */ score) => ({
    loss: round(score.loss),
    accuracy: round(score.accuracy),
  });
  return { step, train: half(train), test: half(test), normL1: 0, normL2: 0 };
}
