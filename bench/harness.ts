import { cpuUsage } from "node:process";

/**
 * Times of one piece of work, in microseconds of the processor: what others do on the machine slows the clock on the
 * wall, and this one only by the caches they share.
 */
export interface Timing {
  /** Half of the samples were faster: what to expect. */
  readonly median: number;
  /** The fastest sample: what the work takes when nothing else runs. */
  readonly least: number;
}

const SAMPLE_US = 2000;
const SAMPLES = 200;
const WARM_UP_US = 150_000;

const processorTime = (): number => {
  const { user, system } = cpuUsage();
  return user + system;
};

/** Time `work`, which is repeated within a sample until the sample is long against the clock's resolution. */
export function time(work: () => void): Timing {
  let calls = 0;
  const began = processorTime();
  while (processorTime() - began < WARM_UP_US) {
    work();
    calls++;
  }
  const repetitions = Math.max(1, Math.round((SAMPLE_US * calls) / WARM_UP_US));
  const samples = Array.from({ length: SAMPLES }, () => {
    const start = processorTime();
    for (let i = 0; i < repetitions; i++) work();
    return (processorTime() - start) / repetitions;
  }).sort((a, b) => a - b);
  return { median: samples[SAMPLES >> 1], least: samples[0] };
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
