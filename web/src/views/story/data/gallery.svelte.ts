import type { Recording } from "../../../../../src/runs/recording/recording.ts";
import { quantile, wilson, kaplanMeier } from "../../../../../src/verdict/agreement.ts";
import { wholeFile } from "./gallery-facts.ts";
import { circuitOfMatrices } from "./circuits.ts";
import { framesOf, inNats } from "./frames.ts";
import { isShipped, recordingsOf } from "./recordings.ts";
import type { StoryRun } from "./story-run.svelte.ts";

export interface GallerySeed {
  readonly id: string;
  readonly seed: number;
  readonly recording: Recording;
  readonly generalized: boolean;
  /** Frequencies of its last weights, where it generalized. */
  readonly frequencies: readonly number[];
  /** Its file, where it is recorded whole. */
  readonly whole: string | undefined;
}

/** What a grid of seeds needs. */
export type SeedGallerySource = SeedGallery;

class SeedGallery {
  seeds = $state.raw<readonly GallerySeed[]>([]);
  state = $state<"none" | "loading" | "ready" | "absent">("none");

  readonly summary = $derived.by(() => {
    const { seeds } = this;
    if (seeds.length === 0) return undefined;
    const done = seeds.filter(({ generalized }) => generalized);
    const [low, high] = wilson(done.length, seeds.length);
    const lives = seeds.map(({ recording }) => {
      const { generalizeStep, lastStep } = recording.verdict ?? { generalizeStep: null, lastStep: null };
      return generalizeStep === null
        ? { step: lastStep ?? 0, observed: false }
        : { step: generalizeStep, observed: true };
    });
    const estimate = kaplanMeier(lives);
    const arrivals = done.map(({ recording }) => recording.verdict?.generalizeStep ?? 0).sort((a, b) => a - b);
    return {
      ...{ n: seeds.length, generalized: done.length, low, high },
      median: quantile(estimate, 0.5),
      earliest: arrivals[0],
      /** Of those that generalized. */
      middle: arrivals[Math.floor((arrivals.length - 1) / 2)],
      commonCircles: mostCommon(done.map(({ frequencies }) => frequencies.length)),
      /** Different frequencies among them. */
      distinct: new Set(done.flatMap(({ frequencies }) => frequencies)).size,
      undecided: seeds.filter(({ recording }) => recording.verdict?.label === "undecided").length,
      memorized: seeds.filter(({ recording }) => recording.verdict?.label === "memorize").length,
    };
  });

  /** Shows a seed in a run's figures: whole where it is recorded whole, its last weights otherwise. */
  async put(seed: GallerySeed, run: StoryRun): Promise<void> {
    const whole = seed.whole === undefined ? [] : await recordingsOf(seed.whole).catch(() => []);
    const thin = (await recordingsOf("seeds")).find(({ plan }) => plan.seed === seed.seed);
    const found = whole.at(0) ?? thin;
    if (found) run.show(found);
  }

  async load(): Promise<void> {
    if (this.state !== "none") return;
    this.state = "loading";
    try {
      this.seeds = await Promise.all((await recordingsOf("seeds")).map(seedOf));
      this.state = "ready";
    } catch {
      this.state = "absent";
    }
  }
}

async function seedOf(recording: Recording): Promise<GallerySeed> {
  const { seed } = recording.plan;
  const label = recording.verdict?.label;
  const generalized = label === "grok" || label === "generalize";
  const frames = framesOf(recording);
  const circuit = frames.steps.length > 0 ? circuitOfMatrices(frames.at(frames.steps.length - 1)) : undefined;
  return {
    id: `seed-${seed}`,
    seed,
    recording: { ...recording, evals: inNats(recording.plan, recording.evals) },
    generalized,
    frequencies: generalized ? (circuit?.groups ?? []).map(({ frequency }) => frequency) : [],
    whole: (await isShipped(`${wholeFile(seed)}.rec`)) ? wholeFile(seed) : undefined,
  };
}

function mostCommon(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

export const seedGallery = new SeedGallery();
