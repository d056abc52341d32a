// Generalization by depth, and which measure tells the depth that generalizes: `npm run build`, train the depths (`groklab
// sweep depth-sweep --store WHERE`), then `node scripts/depth-measures.mjs --store WHERE`. A measure picks the depth at which
// its mean is largest. Runs of the store that are not of that sweep are left alone.
import { parseArgs } from "node:util";
import { built } from "./lib/recordings.mjs";
import { main } from "./lib/main.mjs";

const { values } = parseArgs({ options: { store: { type: "string", default: ".groklab" } } });
const percent = (/** @type {number} */ share) => (100 * share).toFixed(1);
const row = (/** @type {readonly unknown[]} */ ...cells) => console.log(`| ${cells.join(" | ")} |`);

await main(async () => {
  const { attentionSparsity, depthChoices, expand, languageReader, openStore, readSentences, trajectory, treeScores, weightNorms } =
    await import("../dist/src/index.js"); // prettier-ignore
  /** @type {typeof import("../experiments/index.ts")} */
  const { sweeps } = await built("experiments/index.js");
  /** @type {typeof import("../src/train/plan.ts")} */
  const { runGroup } = await built("src/train/plan.js");
  /** @type {typeof import("../src/verdict/agreement.ts")} */
  const { wilson } = await built("src/verdict/agreement.js");
  const declared = sweeps.find(({ name }) => name === "depth-sweep");
  if (!declared) throw new Error("depth-sweep: no such sweep");
  const groups = new Set(expand(declared.sweep).runs.map(({ plan }) => runGroup(plan)));

  const store = await openStore(values.store, {});
  /** @type {(import("../src/analyses/language/depth-choice.ts").MeasuredRun & { course: import("../src/verdict/trajectory.ts").Trajectory, fitted: number | undefined, first: number | undefined })[]} */
  const runs = [];
  const stored = (await store.list({ status: "finished" })).filter(({ plan }) => groups.has(runGroup(plan)));
  for (const record of stored) {
    const step = (await store.checkpoints(record.id)).at(-1);
    const evals = await store.evals(record.id);
    const last = evals.at(-1);
    if (step === undefined || last === undefined) continue;
    const { params: weights } = await store.loadCheckpoint(record.id, step);
    const reader = languageReader(record.plan);
    const sentences = readSentences(reader.inputs, reader.inputs.train, { count: 100, seed: 42, tag: "quest" });
    const measures = reader.with(weights, (model) => {
      const trees = treeScores(model, sentences);
      const norms = weightNorms(weights, model);
      const sparsity = attentionSparsity(model, sentences);
      return {
        "weight norm / layers": norms.livePerLayer,
        "weight norm / layers, as published": norms.published,
        "attention sparsity": sparsity.corrected,
        "attention sparsity, as published": sparsity.published,
        "tree score": trees.tScore,
        "F1 with gold trees": trees.parseval?.greedy ?? 0,
      };
    });
    const depth = /** @type {number} */ (record.plan.model["nLayers"]);
    const fitted = evals.find(({ train }) => train.accuracy >= 0.99);
    const course = trajectory(evals);
    const first = fitted?.test.accuracy;
    runs.push({ depth, seed: record.plan.seed, generalization: last.test.accuracy, measures, course, fitted: fitted?.step, first }); // prettier-ignore
  }
  await store.close();

  const depths = [...new Set(runs.map(({ depth }) => depth))].sort((a, b) => a - b);
  /** Least, median and greatest. @param {readonly (number | null | undefined)[]} found */
  const spread = (found, show = percent) => {
    const there = found.filter((x) => typeof x === "number").sort((a, b) => a - b);
    const middle = (there[(there.length - 1) >> 1] + there[there.length >> 1]) / 2;
    const of = there.length < found.length ? ` (${there.length} of ${found.length})` : "";
    return there.length === 0 ? "–" : `${show(there[0])}, ${show(middle)}, ${show(there[there.length - 1])}${of}`;
  };
  const steps = (/** @type {number} */ step) => step.toLocaleString("en");
  row("layers", "seeds", "ever 80 %", "95 % interval", "first at step", "when in-domain is full, %", "greatest, %", "at the end, %", "variation"); // prettier-ignore
  row("--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:");
  for (const depth of depths) {
    const here = runs.filter((run) => run.depth === depth);
    const reached = here.filter(({ course }) => course.firstCrossing !== null).length;
    const interval = wilson(reached, here.length).map((share) => Math.round(100 * share));
    const of = (/** @type {(run: typeof here[number]) => number | null | undefined} */ value) => here.map(value);
    row(
      ...[depth, here.length, reached, `${interval.join(" to ")} %`, spread(of(({ course }) => course.firstCrossing), steps)], // prettier-ignore
      ...[spread(of(({ first }) => first)), spread(of(({ course }) => course.max))],
      ...[spread(of(({ generalization }) => generalization)), spread(of(({ course }) => course.totalVariation), (x) => x.toFixed(1))], // prettier-ignore
    );
  }
  console.log("\nmeans over seeds at the end:\n");
  const names = Object.keys(runs[0]?.measures ?? {});
  row("layers", ...names);
  row("--:", ...names.map(() => "--:"));
  for (const depth of depths) {
    const here = runs.filter((run) => run.depth === depth);
    row(depth, ...names.map((name) => (here.reduce((sum, { measures }) => sum + measures[name], 0) / here.length).toFixed(3))); // prettier-ignore
  }
  console.log();
  row("measure", "picks", "best depth", "right", "rank correlation over seeds, by depth");
  row("---", "--:", "--:", "---", "--:");
  for (const { measure, picks, best, right, acrossSeeds } of depthChoices(runs)) {
    const seeds = acrossSeeds.map(({ depth, correlation }) => `${depth}: ${correlation.toFixed(2)}`).join(", ");
    row(measure, picks, best, right ? "yes" : "no", seeds);
  }
});
