/** Times of one piece of work, in microseconds. */
export interface Timing {
  /** Half of the samples were faster: what to expect. */
  readonly median: number;
  /** The fastest sample: what the work takes when nothing else runs. */
  readonly least: number;
}

const SAMPLE_MS = 0.5;
const TOTAL_MS = 400;
const WARM_UP_MS = 150;

/** Time `work`, which is repeated within a sample until the sample is long against the clock's resolution. */
export function time(work: () => void): Timing {
  let calls = 0;
  const began = performance.now();
  while (performance.now() - began < WARM_UP_MS) {
    work();
    calls++;
  }
  const repetitions = Math.max(1, Math.round((SAMPLE_MS * calls) / WARM_UP_MS));
  const samples: number[] = [];
  for (const end = performance.now() + TOTAL_MS; performance.now() < end;) {
    const start = performance.now();
    for (let i = 0; i < repetitions; i++) work();
    samples.push(((performance.now() - start) / repetitions) * 1000);
  }
  samples.sort((a, b) => a - b);
  return { median: samples[samples.length >> 1], least: samples[0] };
}

/** Print `name`, median and least time, and GFLOP/s at the median where the work has a number of operations. */
export function report(name: string, { median, least }: Timing, flop?: number): void {
  const rate = flop === undefined ? "" : `${(flop / median / 1000).toFixed(1).padStart(8)} GFLOP/s`;
  console.log(`${name.padEnd(48)}${median.toFixed(1).padStart(9)} us  (least ${least.toFixed(1).padStart(8)})${rate}`);
}

/** `count` numbers between -0.5 and 0.5, the same in every run. */
export function numbers(count: number): Float64Array {
  let state = 1;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}
