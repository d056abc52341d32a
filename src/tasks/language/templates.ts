import { UsageError } from "../../options.ts";
import type { Stream } from "../../rng.ts";

/**
 * `count` of the allowed templates, drawn; all of them for 0.
 * @throws UsageError when there are fewer, or none
 */
export function chooseTemplates(allowed: readonly boolean[], count: number, stream: Stream): readonly boolean[] {
  const places = allowed.flatMap((is, place) => (is ? [place] : []));
  if (places.length === 0) throw new UsageError("task: these options leave no sentence to train on");
  if (count === 0) return allowed;
  if (count > places.length) {
    throw new UsageError(`task.templates: ${count} is not allowed; these options leave ${places.length}; 0: all`);
  }
  const order = stream.permutation(places.length).subarray(0, count);
  const chosen = new Set(Array.from(order, (i) => places[i]));
  return allowed.map((_, place) => chosen.has(place));
}
