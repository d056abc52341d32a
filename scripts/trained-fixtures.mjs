// Weights of finished runs, multiplied out and in float32, for tests of what is found in them: train the experiments
// below into a store, then `npm run build && node scripts/trained-fixtures.mjs --store WHERE` writes test/trained/*.npz.
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { main } from "./lib/main.mjs";

const { values } = parseArgs({ options: { store: { type: "string", default: ".groklab" } } });

await main(async () => {
  const { collapse, encodeNpz, experiments, openStore, plan, runId } = await import("../dist/src/index.js");
  const store = await openStore(values.store, {});
  mkdirSync("test/trained", { recursive: true });
  for (const name of ["modular-addition", "five-neurons", "sparse-parity"]) {
    const declared = experiments.find((/** @type {{ name: string }} */ each) => each.name === name);
    if (declared === undefined) throw new Error(`no experiment is called ${name}`);
    const id = runId(plan(declared.experiment));
    const last = (await store.checkpoints(id)).at(-1);
    if (last === undefined) throw new Error(`${name} has not been run in ${values.store}`);
    const { params } = await store.loadCheckpoint(id, last);
    const bytes = encodeNpz(name === "sparse-parity" ? params : pairs(collapse(params)));
    writeFileSync(`test/trained/${name}.npz`, bytes);
    console.log(`test/trained/${name}.npz: step ${last}, ${bytes.length} bytes`);
  }
  await store.close();

  /** Names under which a network without hidden and output matrix is read. */
  function pairs(/** @type {ReturnType<typeof collapse>} */ { inputs, output }) {
    const array = (/** @type {typeof output} */ { rows, cols, data }) => {
      return { shape: [rows, cols], data: Float32Array.from(data) };
    };
    return { "embed.W_E": array(inputs[0]), "unembed.W_U": array(output) };
  }
});
