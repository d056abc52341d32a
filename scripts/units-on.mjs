// Of a stored transformer: which share of its hidden units relu leaves on, by layer, checkpoint by checkpoint; then how long
// its tree charts of 300 sentences take. `npm run build`, then `node scripts/units-on.mjs ID --store WHERE`.
import { parseArgs } from "node:util";
import { built } from "./lib/recordings.mjs";
import { main } from "./lib/main.mjs";

const { values, positionals } = parseArgs({
  options: { store: { type: "string", default: ".groklab" } },
  allowPositionals: true,
});

await main(async () => {
  /** @type {typeof import("../src/index.ts")} */
  const { openStore, readSentences, treeScores } = await built("src/index.js");
  /** @type {typeof import("../src/analyses/language/language-model.ts")} */
  const { languageReader, readAll } = await built("src/analyses/language/language-model.js");
  /** @type {typeof import("../src/tensor/index.ts")} */
  const { read } = await built("src/tensor/index.js");
  const store = await openStore(values.store, {});
  const record = (await store.list({ model: "transformer" })).find(({ id }) => id === positionals[0]);
  if (!record) throw new Error(`no transformer ${positionals[0] ?? ""} in ${values.store}`);
  const reader = languageReader(record.plan);
  const sentences = readSentences(reader.inputs, reader.inputs.train, { count: 300, seed: 42 });
  for (const step of await store.checkpoints(record.id)) {
    const { params } = await store.loadCheckpoint(record.id, step);
    /** Numbers on, and all, of each layer. @type {Map<string, [on: number, all: number]>} */
    const units = new Map();
    /** @type {import("../src/models/index.ts").Tap} */
    const tap = (name, activation) => {
      if (!name.endsWith("mlp.post")) return activation;
      const [on, all] = units.get(name) ?? [0, 0];
      units.set(name, [on + read(activation).filter((x) => x !== 0).length, all + activation.size]);
      return activation;
    };
    let seconds = 0;
    reader.with(params, (model) => {
      readAll(model, sentences.slice(0, 30), "nothing", tap, () => undefined);
      const from = performance.now();
      treeScores(model, sentences);
      seconds = (performance.now() - from) / 1000;
    });
    const shares = [...units.values()].map(([on, all]) => `${Math.round((100 * on) / all)} %`);
    console.log(
      `step ${step}: ${shares.join(", ")} on; charts of ${sentences.length} sentences ${seconds.toFixed(2)} s`,
    );
  }
  await store.close();
});
