// Which runs the app is shipped with, and how a stored run becomes a recording.

/** From the built package, which a check before the build does without. @param {string} path */
export const built = (path) => import(new URL(`../../dist/${path}`, import.meta.url).href);
/** @type {typeof import("../../experiments/index.ts")} */
const { experiments } = await built("experiments/index.js");
/** @type {typeof import("../../src/analyses/collapse.ts")} */
const { collapse } = await built("src/analyses/collapse.js");
/** @type {typeof import("../../src/train/plan.ts")} */
const { plan, runId, withOptions } = await built("src/train/plan.js");

/**
 * @typedef {object} Wanted
 * @property {string} name of the file, without its ending
 * @property {string} experiment
 * @property {readonly (readonly [string, string])[]} [set] options that differ from the experiment's
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
  {
    name: "seeds",
    experiment: "modular-addition",
    set: [["checkpointEvery", "0"]],
    seeds: Array.from({ length: 100 }, (_, seed) => seed),
    levels: 63,
  },
];

/** @param {Wanted} wanted */
export function commandOf({ experiment, set = [], seeds }) {
  const options = set.map(([name, value]) => ` --set ${name}=${value}`).join("");
  if (!seeds) return `npx groklab run ${experiment}${options}`;
  return `for SEED in $(seq ${seeds[0]} ${seeds.at(-1)}); do npx groklab run ${experiment} --seed $SEED${options}; done`;
}

/**
 * The recordings of one file: empty when a run is missing; of a gallery, those that there are.
 * @param {import("../../src/runs/store.ts").Store} store
 * @param {Wanted} wanted
 * @returns {Promise<readonly import("../../src/runs/recording/recording.ts").Recording[]>}
 */
export async function collect(store, { experiment: name, set = [], seeds }) {
  const declared = experiments.find((known) => known.name === name);
  if (!declared) throw new Error(`${name}: no such experiment`);
  const experiment = withOptions(declared.experiment, set);
  const plans = (seeds ?? [declared.experiment.seed ?? 0]).map((seed) => plan({ ...experiment, seed }));
  const made = [];
  for (const wanted of plans) {
    const found = await record(store, wanted, seeds !== undefined);
    if (found) made.push(found);
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
  const { label, policy, fitStep, generalizeStep } = run.verdict;
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
    evals: thin ? evals.filter(({ step }, i) => step % galleryEvery === 0 || i === evals.length - 1) : evals,
    tracks,
    verdict: { label, policy, fitStep, generalizeStep },
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
