import { join } from "node:path";
import { openStore } from "../../runs/open-store.ts";
import { recordRun } from "../../runs/record.ts";
import { expand, sweepId, type Sweep } from "../../train/sweep.ts";
import { tiny } from "./tiny.ts";

/** Two widths, two weight decays, three seeds of the smallest run there is. */
export const tinySweep: Sweep = {
  base: tiny,
  axes: [
    { option: "model.dMlp", values: [4, 16] },
    { option: "optimizer.weightDecay", values: [0.1, 1] },
  ],
  seeds: [0, 1, 2],
};
export const tinySweepId = sweepId("tiny", tinySweep);

/** Trains and stores it in this folder's default store, but for the last run, which is left to do. */
export async function storeTinySweep(folder: string): Promise<void> {
  const store = await openStore(join(folder, ".groklab"));
  try {
    const command = "groklab sweep tiny.yaml";
    await store.saveSweep({
      id: tinySweepId,
      name: "tiny",
      sweep: tinySweep,
      command,
      policy: "accuracy",
      options: {},
    });
    for (const { plan } of expand(tinySweep).runs.slice(0, -1)) {
      const recording = recordRun(store, plan);
      while (!(await recording.next()).done);
    }
  } finally {
    await store.close();
  }
}
