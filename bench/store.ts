// A store of many runs: what listing, filtering, grouping and looking up by id take.
// `npm run build:kernels && npx tsc -p tsconfig.bench.json && node dist/bench/store.js [runs] [--store WHERE]`
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openStore } from "../src/runs/open-store.ts";
import type { Store } from "../src/runs/store.ts";
import { contextOf, judge } from "../src/verdict/index.ts";
import type { Eval } from "../src/train/eval.ts";
import { expand, type SweepRun } from "../src/train/sweep.ts";
import { sweepTable } from "../src/verdict/sweep-table.ts";

const { positionals, values } = parseArgs({ allowPositionals: true, options: { store: { type: "string" } } });
const wanted = Number(positionals[0] ?? 20_000);
const given = values.store ?? positionals[1];
/** A folder, or a server's address. */
const where = given ?? mkdtempSync(join(tmpdir(), "groklab-bench-"));

/** A grid of 100 settings, with as many seeds as are wanted. */
const { runs } = expand({
  base: {
    task: { name: "sparse-parity" },
    model: { name: "bit-mlp" },
    optimizer: { name: "adamw" },
    training: { steps: 20_000, checkpointEvery: 0 },
  },
  axes: [
    { option: "trainSize", values: [750, 1000, 1250, 1500] },
    { option: "dMlp", values: [16, 32, 64, 128, 258] },
    { option: "weightDecay", values: [0.01, 0.03, 0.1, 0.3, 1] },
  ],
  seeds: Array.from({ length: Math.ceil(wanted / 100) }, (_, seed) => seed),
});

/** Twenty evaluations of a run that memorizes, and generalizes where its seed and decay say so. */
function course({ plan }: SweepRun): readonly Eval[] {
  const decay = plan.optimizer["weightDecay"] as number;
  const learned = 4000 + 900 * (plan.seed % 20) + 4000 * Math.abs(Math.log10(decay / 0.1));
  return Array.from({ length: 20 }, (_, i): Eval => {
    const step = (i * 20_000) / 19;
    const knows = step > learned;
    return {
      step: Math.round(step),
      train: { loss: step < 500 ? 0.69 : 1e-5 / (1 + step), accuracy: step < 500 ? 0.5 : 1 },
      test: { loss: knows ? 1e-4 / (1 + step) : 2 + step / 1e4, accuracy: knows ? 1 : 0.55 },
      normL1: 400 - step / 100,
      normL2: 30,
    };
  });
}

async function fill(store: Store): Promise<void> {
  const context = contextOf(runs[0].plan, { chance: 0.5, numClasses: 2 }, { finished: true });
  for (const run of runs) {
    const evals = course(run);
    const claim = await store.claim(run.id, run.plan);
    await store.append(claim, evals);
    await store.finish(claim, {
      status: "finished",
      seconds: 1.5,
      verdict: judge(evals, context),
      weightsHash: `sha256:${"0".repeat(64)}`,
    });
  }
}

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const samples: number[] = [];
  let value: T;
  do {
    const began = performance.now();
    value = await work();
    samples.push(performance.now() - began);
  } while (samples.length < 5);
  samples.sort((a, b) => a - b);
  console.log(`${name.padEnd(44)}${samples[2].toFixed(0).padStart(7)} ms  (least ${samples[0].toFixed(0)})`);
  return value;
}

const store = await openStore(where);
if ((await store.list({ limit: 1 })).length === 0) {
  const began = performance.now();
  await fill(store);
  const ms = (performance.now() - began) / runs.length;
  console.log(`stored ${runs.length} runs, ${ms.toFixed(2)} ms each, verdict included`);
}
await store.close();
const ids = runs.map(({ id }) => id);
const places = new Map(runs.map((run) => [run.id, run.setting]));
const again = await timed("open", async () => {
  const opened = await openStore(where);
  await opened.close();
  return openStore(where);
});
await timed("list all, newest first", () => again.list());
await timed("list the newest 30", () => again.list({ limit: 30 }));
await timed("list those of one label", () => again.list({ label: "grok" }));
const records = await timed("look up every run of the sweep by id", () => again.records(ids));
await timed("group them by setting", () =>
  Promise.resolve(sweepTable(records.map((record) => ({ ...record, setting: places.get(record.id) ?? {} })))),
);
await timed("list, filter and group", async () => {
  const all = await again.list();
  return sweepTable(all.filter(({ status }) => status === "finished"));
});
await again.close();
if (given === undefined) rmSync(where, { recursive: true, force: true });
