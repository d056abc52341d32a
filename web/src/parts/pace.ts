/** What a pace needs of the page; a test brings its own. */
export interface PaceSurroundings {
  now(): number;
  after(milliseconds: number, then: () => void): void;
  /** Calls `draw` where the page draws next, and `drawn` when it has. */
  frame(draw: () => void, drawn: () => void): void;
}

/** Milliseconds between two redraws at the least: curves that move ten times a second move. */
const leastWait = 100;
/** A redraw is followed by so many times its own duration without one, which leaves the processor to training. */
const restFactor = 11;

/**
 * Follows something fast without slowing it down: redraws happen at animation frames, never more than ten a second, and
 * never for more than a twelfth of the time.
 */
export class Pace {
  readonly #draw: () => void;
  readonly #here: PaceSurroundings;
  #wanted = false;
  #next = -Infinity;

  constructor(draw: () => void, here: PaceSurroundings = page) {
    this.#draw = draw;
    this.#here = here;
  }

  /** Something is new: it is drawn when its time has come. */
  want(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#here.after(Math.max(0, this.#next - this.#here.now()), () => {
      if (!this.#wanted) return;
      let began = 0;
      this.#here.frame(
        () => {
          began = this.#here.now();
          this.#flush();
        },
        () => {
          const now = this.#here.now();
          this.#next = now + Math.max(leastWait, restFactor * (now - began));
        },
      );
    });
  }

  /** Draws at once what was to be drawn. */
  flush(): void {
    if (this.#wanted) this.#flush();
  }

  #flush(): void {
    this.#wanted = false;
    this.#draw();
  }
}

const page: PaceSurroundings = {
  now: () => performance.now(),
  after: (milliseconds, then) => void setTimeout(then, milliseconds),
  frame(draw, drawn) {
    // A page that is out of sight has no frames, and draws nothing either.
    if (document.visibilityState === "hidden") {
      draw();
      drawn();
      return;
    }
    requestAnimationFrame(() => {
      draw();
      // A message comes after the frame's styles, layout and paint.
      const channel = new MessageChannel();
      channel.port1.onmessage = drawn;
      channel.port2.postMessage(0);
    });
  },
};
