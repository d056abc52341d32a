import { go } from "../../shell/route.svelte.ts";
import { localStore } from "../../stores/local.ts";
import type { RunSource } from "../../stores/run-source.ts";

/** Brings a run of the attached store into this browser's, as it stands, and opens it in the lab. */
export async function openInLab(source: RunSource, id: string): Promise<void> {
  if (source.kind === "served") {
    const run = await source.whole(id);
    const store = await localStore();
    const here = await store.find(id);
    // An older copy gives way; one that went further here stays.
    if (here && here.step < run.record.step && here.heldBy === undefined) await store.delete(id);
    await store.insert(run);
  }
  go("lab", { run: id });
}
