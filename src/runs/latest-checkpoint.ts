import type { Checkpoint } from "../train/checkpoint.ts";
import { DamagedError } from "./errors.ts";
import type { Store } from "./store.ts";

/**
 * The newest checkpoint that is whole, or undefined. A damaged one is set aside by the store and reported; the one before
 * it counts then: the run ends in the same bits from any of them.
 */
export async function latestCheckpoint(
  store: Store,
  id: string,
  onWarning: (message: string) => void = () => undefined,
): Promise<Checkpoint | undefined> {
  for (const step of [...(await store.checkpoints(id))].reverse()) {
    try {
      return await store.loadCheckpoint(id, step);
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
      onWarning(error.message);
    }
  }
  return undefined;
}
