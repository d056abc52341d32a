import { stream } from "../rng.ts";

/**
 * The training examples of an update, as a pure function of the step, so that a resumed run needs no state: each epoch
 * is a permutation of its own stream, cut into batches without replacement; a remainder is left out of its epoch.
 * @returns step (from 0) -> example indices, `[batchSize]`
 */
export function batchOrder(train: Int32Array, batchSize: number, seed: number): (step: number) => Int32Array {
  if (batchSize === 0 || batchSize >= train.length) return () => train;
  const perEpoch = Math.floor(train.length / batchSize);
  const source = stream(seed, "batches");
  let epoch = -1;
  let order: Int32Array = train;
  return (step) => {
    const wanted = Math.floor(step / perEpoch);
    if (wanted !== epoch) {
      epoch = wanted;
      order = source
        .fork(epoch)
        .permutation(train.length)
        .map((place) => train[place]);
    }
    const at = (step % perEpoch) * batchSize;
    return order.subarray(at, at + batchSize);
  };
}
