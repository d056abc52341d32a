// Which mechanism is named in the networks of a store, counted: `npm run build`, train seeds into a store of their own, then
// `node scripts/mechanisms.mjs --store WHERE [--step first|last] [--json FILE]`. One checkpoint of each run is explained.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { main } from "./lib/main.mjs";

const { values } = parseArgs({
  options: {
    store: { type: "string", default: ".groklab" },
    step: { type: "string", default: "last" },
    json: { type: "string" },
  },
});

/** What the held-out pairs say of a network, whatever its weights look like. @param {{ train: number, test: number }} of */
function kind({ train, test }) {
  if (test === 1) return "answers every held-out pair";
  if (test >= 0.9) return "answers 90 % or more of them";
  if (train < 0.9) return "does not know its training pairs";
  if (test <= 0.5) return "memorizes: at most half of them";
  return "between: 50 to 90 % of them";
}

await main(async () => {
  const { explainNetwork, openStore, subjectOf } = await import("../dist/src/index.js");
  const store = await openStore(values.store, {});
  const rows = [];
  for (const record of await store.list()) {
    const subject = subjectOf(record.plan);
    if (subject.kind !== "network" || record.status === "running") continue;
    const step = (await store.checkpoints(record.id)).at(values.step === "first" ? 0 : -1);
    if (step === undefined) continue;
    const { params } = await store.loadCheckpoint(record.id, step);
    const { chart, mechanism, scores, rebuild, logits } = explainNetwork(subject.read(params));
    const [fourier] = mechanism.candidates;
    rows.push({
      run: record.id,
      operation: record.plan.task.name,
      verdict: record.verdict?.label ?? "none",
      step,
      train: scores.train.accuracy,
      test: scores.test.accuracy,
      label: mechanism.label,
      basis: chart.basis,
      frequencies: mechanism.parts.length,
      rebuilt: rebuild.rebuilt.test.accuracy,
      agreement: rebuild.agreement.test,
      explained: logits.explained,
      defect: fourier?.evidence[3]?.value ?? NaN,
      missed: fourier?.evidence.filter(({ holds }) => !holds).map(({ name }) => name) ?? [],
    });
  }
  await store.close();
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 1)}\n`);
  const range = (/** @type {readonly number[]} */ all, digits = 3) => {
    const known = all.filter(Number.isFinite);
    if (known.length === 0) return "-";
    const [low, high] = [Math.min(...known), Math.max(...known)].map((x) => Number(x.toFixed(digits)));
    return low === high ? `${low}` : `${low} to ${high}`;
  };
  console.log("| task | networks that | runs | Fourier circuit | memorized table | unexplained | rebuilt accuracy | logits explained | phase defect |"); // prettier-ignore
  console.log("| --- | --- | --: | --: | --: | --: | --- | --- | --- |");
  /** @type {Map<string, typeof rows>} */
  const groups = new Map();
  for (const row of rows) {
    const name = `${row.operation} | ${kind(row)}`;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  for (const [name, group] of [...groups].sort(([x], [y]) => (x < y ? -1 : 1))) {
    const labelled = (/** @type {string} */ label) => group.filter((row) => row.label === label).length;
    console.log(
      `| ${name} | ${group.length} | ${["fourier-circuit", "memorized-table", "unexplained"].map(labelled).join(" | ")} | ` +
        `${range(group.map((row) => row.rebuilt))} | ${range(group.map((row) => row.explained))} | ${range(
          group.map((row) => row.defect),
          1,
        )} |`,
    );
  }
  const named = rows.filter(({ label }) => label === "fourier-circuit");
  const counts = [...new Set(named.map(({ frequencies }) => frequencies))].sort((a, b) => a - b);
  console.log(`\nfrequencies of the circuits: ${counts.map((n) => `${n} in ${named.filter(({ frequencies }) => frequencies === n).length}`).join(", ")}`); // prettier-ignore
  const refused = rows.filter(({ label, test }) => label !== "fourier-circuit" && test >= 0.9);
  for (const { run, missed, rebuilt, explained, test } of refused)
    console.log(`refused: ${run}, ${(100 * test).toFixed(1)} % of held-out pairs, rebuilt ${rebuilt.toFixed(3)}, explained ${explained.toFixed(3)}; missed: ${missed.join("; ")}`); // prettier-ignore
});
