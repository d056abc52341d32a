import { nearestStop, stopBeside } from "./plot-frame.ts";

/**
 * What figures that belong together share: the step they show, and the neuron that is lit in all of them. Reactive.
 * A figure moves the group; whoever draws reads `step` and draws again.
 */
export class FigureGroup {
  /** Training steps that can be shown, ascending: those with something recorded. */
  stops = $state.raw<readonly number[]>([]);
  #step = $state(0);
  /** What the reader points at, by its `data-neuron`. */
  neuron = $state.raw<string | undefined>(undefined);
  #frame: number | undefined;

  constructor(stops: readonly number[] = [], step = stops.at(-1) ?? 0) {
    this.stops = stops;
    this.#step = nearestStop(stops, step);
  }

  get step(): number {
    return this.#step;
  }

  /** Shows the stop nearest to a step, and ends a playing. */
  show(step: number): void {
    this.stopPlaying();
    this.#step = nearestStop(this.stops, step);
  }

  /** So many stops on or back. */
  move(places: number): void {
    this.stopPlaying();
    this.#step = stopBeside(this.stops, this.#step, places);
  }

  /** Plays a range of steps in so many seconds. With reduced motion the end is shown at once. */
  play(from: number, to: number, seconds = 3): void {
    this.stopPlaying();
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) return this.show(to);
    const began = performance.now();
    const next = (now: number): void => {
      const share = Math.min(1, (now - began) / (seconds * 1000));
      this.#step = nearestStop(this.stops, from + share * (to - from));
      this.#frame = share < 1 ? requestAnimationFrame(next) : undefined;
    };
    this.#frame = requestAnimationFrame(next);
  }

  get playing(): boolean {
    return this.#frame !== undefined;
  }

  stopPlaying(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
  }
}
