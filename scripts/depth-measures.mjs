// Which measure tells the depth that generalizes: `npm run build`, train the depths (`groklab sweep depth-sweep --store
// WHERE`), then `node scripts/depth-measures.mjs --store WHERE`. A measure picks the depth at which its mean is largest.
import { parseArgs } from "node:util";
import { main } from "./lib/main.mjs";

const { values } = parseArgs({ options: { store: { type: "string", default: ".groklab" } } });

await main(async () => {
  const { attentionSparsity, depthChoices, languageReader, openStore, readSentences, treeScores, weightNorms } =
    await import("../dist/src/index.js");
  const store = await openStore(values.store, {});
  /** @type {import("../src/analyses/language/depth-choice.ts").MeasuredRun[]} */
  const runs = [];
  for (const record of await store.list({ status: "finished" })) {
    if (record.plan.model.name !== "transformer") continue;
    const step = (await store.checkpoints(record.id)).at(-1);
    const last = (await store.evals(record.id)).at(-1);
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
    runs.push({ depth, seed: record.plan.seed, generalization: last.test.accuracy, measures });
    console.log(`${record.id}: ${depth} layers, generalization ${(100 * last.test.accuracy).toFixed(1)} %`);
  }
  await store.close();
  console.log("\n| measure | picks | best depth | right | rank correlation over seeds, by depth |");
  console.log("| --- | --: | --: | --- | --- |");
  for (const { measure, picks, best, right, acrossSeeds } of depthChoices(runs)) {
    const seeds = acrossSeeds.map(({ depth, correlation }) => `${depth}: ${correlation.toFixed(2)}`).join(", ");
    console.log(`| ${measure} | ${picks} | ${best} | ${right ? "yes" : "no"} | ${seeds} |`);
  }
});
