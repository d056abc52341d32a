import type { Checkpoint } from "../train/checkpoint.ts";
import { DamagedError } from "./errors.ts";
import type { Store } from "./store.ts";

/**
 * The newest checkpoint that is whole, or undefined: one of the Plan's, or the one kept to go on from. A damaged one is
 * set aside by the store and reported; the one before it counts then: the run ends in the same bits from any of them.
 */
export async function latestCheckpoint(
  store: Store,
  id: string,
  onWarning: (message: string) => void = () => undefined,
): Promise<Checkpoint | undefined> {
  const whole = async (loading: Promise<Checkpoint | undefined>): Promise<Checkpoint | undefined> => {
    try {
      return await loading;
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
      onWarning(error.message);
      return undefined;
    }
  };
  const resume = await whole(store.loadResume(id));
  for (const step of [...(await store.checkpoints(id))].reverse()) {
    if (resume && resume.step >= step) return resume;
    const found = await whole(store.loadCheckpoint(id, step));
    if (found) return found;
  }
  return resume;
}
