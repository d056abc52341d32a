// What the structure view is shipped with: the curves of transformers with what is measured of their checkpoints, and a
// few sentences as their last weights see them.
import { built } from "./recordings.mjs";

/** @type {typeof import("../../experiments/index.ts")} */
const { sweeps } = await built("experiments/index.js");
/** @type {typeof import("../../src/train/plan.ts")} */
const { runGroup, runId } = await built("src/train/plan.js");
/** @type {typeof import("../../src/train/sweep.ts")} */
const { expand } = await built("src/train/sweep.js");
/** @type {typeof import("../../src/analyses/language/language-model.ts")} */
const { languageReader } = await built("src/analyses/language/language-model.js");
/** @type {typeof import("../../src/analyses/language/structure-measures.ts")} */
const { structureMeasures, seenSentences } = await built("src/analyses/language/structure-measures.js");

/** The depth whose seeds are shown one by one: the first that the page shows, and the one that the story trains. */
const mainDepth = 4;
/** Of other depths, every so many checkpoints are measured: deep networks take seconds each. */
const sparse = 4;

/**
 * @typedef {object} Collected
 * @property {readonly import("../../src/runs/recording/recording.ts").Recording[]} recordings
 * @property {readonly import("../../web/src/views/structure/sentences.ts").SentenceRow[]} sentences
 */

/**
 * Every run of the depth sweep that a store has to its end with a checkpoint, whatever its seed: the main depth first,
 * then by depth and seed.
 * @param {import("../../src/runs/store.ts").Store} store
 * @param {Collected} before what was recorded last time: weights that were measured then are not measured again
 * @returns {Promise<Collected>}
 */
export async function collectStructure(store, before) {
  /** @type {import("../../src/runs/recording/recording.ts").Recording[]} */
  const recordings = [];
  /** @type {import("../../web/src/views/structure/sentences.ts").SentenceRow[]} */
  const sentences = [];
  const declared = sweeps.find(({ name }) => name === "depth-sweep");
  if (!declared) throw new Error("depth-sweep: no such sweep");
  const groups = new Set(expand(declared.sweep).runs.map(({ plan }) => runGroup(plan)));
  const depthOf = (/** @type {import("../../src/train/experiment.ts").Plan} */ plan) => Number(plan.model["nLayers"]);
  const place = (/** @type {import("../../src/train/experiment.ts").Plan} */ plan) =>
    (depthOf(plan) === mainDepth ? 0 : depthOf(plan)) * 1e6 + plan.seed;
  const runs = (await store.list({ model: "transformer" })).filter((run) => groups.has(runGroup(run.plan)));
  for (const run of runs.sort((a, b) => place(a.plan) - place(b.plan))) {
    const steps = await store.checkpoints(run.id);
    if (run.status !== "finished" || !run.verdict || steps.length === 0) continue;
    const depth = depthOf(run.plan);
    const known = before.recordings.find(
      ({ plan, weightsHash }) => runId(plan) === run.id && weightsHash === run.weightsHash,
    );
    if (known?.evals.at(-1)?.measures?.["treeScore"] !== undefined) {
      recordings.push(known);
      sentences.push(...before.sentences.filter((row) => row.run === run.id));
      continue;
    }
    console.log(`structure: ${depth} layers, seed ${run.plan.seed}, ${steps.length} checkpoints`);
    const reader = languageReader(run.plan);
    /** @type {Map<number, import("../../src/analyses/language/structure-measures.ts").StructureMeasures>} */
    const measured = new Map();
    for (const [i, step] of steps.entries()) {
      const last = i === steps.length - 1;
      if (depth !== mainDepth && i % sparse !== 0 && !last) continue;
      const { params } = await store.loadCheckpoint(run.id, step);
      measured.set(
        step,
        reader.with(params, (model) => structureMeasures(model)),
      );
      if (last && (depth === mainDepth || run.plan.seed === 0)) {
        const rows = reader.with(params, (model) => seenSentences(model, depth > mainDepth ? 2 : 4, 2));
        sentences.push(...rows.map((row) => ({ ...row, run: run.id, step })));
      }
    }
    const evals = (await store.evals(run.id)).map((e) => ({
      ...e,
      measures: { ...e.measures, ...measured.get(e.step) },
    }));
    const { label, policy, className, fitStep, generalizeStep, lastStep } = run.verdict;
    recordings.push({
      plan: run.plan,
      evals,
      tracks: [],
      verdict: { label, policy, className, fitStep, generalizeStep, lastStep },
      weightsHash: run.weightsHash,
    });
  }
  return { recordings, sentences };
}
