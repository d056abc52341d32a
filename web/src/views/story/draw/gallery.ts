import { runGallery } from "../../../../../src/figures/run-gallery.ts";
import { adaptive } from "../../../../../src/figures/svg/index.ts";
import type { GallerySeed } from "../data/gallery.svelte.ts";

/** Every seed as a small pair of loss curves, named by its frequencies. */
export function gallery(seeds: readonly GallerySeed[], width: number, selected: number | undefined): string {
  const runs = seeds.map(({ id, seed, recording, frequencies }) => ({
    id,
    title: frequencies.length > 0 ? `${seed}: ${frequencies.join(" ")}` : String(seed),
    steps: Float64Array.from(recording.evals, ({ step }) => step),
    train: Float64Array.from(recording.evals, (e) => e.train.loss),
    test: Float64Array.from(recording.evals, (e) => e.test.loss),
  }));
  return runGallery(runs, {
    width,
    theme: adaptive,
    selected: selected === undefined ? undefined : `seed-${selected}`,
  });
}
