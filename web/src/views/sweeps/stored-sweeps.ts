import type { SweepRecord } from "../../../../src/runs/store.ts";
import { expand } from "../../../../src/train/sweep.ts";
import { servedSource, servedSweeps } from "../../stores/served.ts";
import { SweepData, type SweepSource } from "./sweep-data.svelte.ts";

/** The sweeps of the store that the page is served with: none where a static host serves it. */
export async function storedSweeps(): Promise<readonly SweepData[]> {
  return (await servedSweeps()).map((record) => new SweepData(sourceOf(record)));
}

/** A sweep by its declaration: runs that have not begun have their places, too. */
function sourceOf({ id, name, sweep }: SweepRecord): SweepSource {
  const task = sweep.base.task.name;
  const perClass = task !== "sparse-parity";
  return {
    name: id,
    title: `${name} (stored)`,
    unit: perClass ? "nats per example, divided by the number of answers" : "nats per example",
    load: async () => {
      const runs = (await servedSource()?.list()) ?? [];
      const stored = new Map(runs.map((run) => [run.id, run]));
      return expand(sweep).runs.map(({ id: run, plan, setting }) => {
        const found = stored.get(run);
        const verdict = found?.verdict;
        return { id: run, plan, setting, status: found?.status, verdict, extremes: verdict?.extremes };
      });
    },
    curves: async (ids) => {
      const source = servedSource();
      const found = ids.map(async (run) => [run, (await source?.evals(run).catch(() => [])) ?? []] as const);
      return new Map(await Promise.all(found));
    },
  };
}
