import type { SweptRun } from "../../../../src/verdict/index.ts";
import { go } from "../../shell/route.svelte.ts";
import { toParams } from "../../training/address.ts";
import { unforked } from "../../training/lineage.ts";

/** Opens the Plan of a run in the lab, which trains it again to the same bits. */
export function openRun(run: Pick<SweptRun, "plan"> | undefined): void {
  if (run) go("lab", toParams(unforked(run.plan)));
}
