interface Mark {
  readonly seconds: number;
  readonly step: number;
}

/** Steps per second over the last few seconds, so that a change of pace shows and a hiccup does not. */
export class Speed {
  readonly #marks: Mark[] = [];
  readonly #window: number;

  constructor(window = 10) {
    this.#window = window;
  }

  /** @param seconds of a clock that only goes forward */
  add(step: number, seconds: number): void {
    this.#marks.push({ seconds, step });
    while (this.#marks.length > 2 && this.#marks[1].seconds < seconds - this.#window) this.#marks.shift();
  }

  /** Undefined before two marks at different times. */
  get perSecond(): number | undefined {
    const first = this.#marks[0];
    const last = this.#marks.at(-1);
    if (first === undefined || last === undefined) return undefined;
    const value = (last.step - first.step) / (last.seconds - first.seconds);
    return value > 0 && Number.isFinite(value) ? value : undefined;
  }
}
