import { UsageError } from "../options.ts";

/** The stream of `numpy.random.seed(seed)`, which NumPy keeps frozen. */
export interface NumpyLegacy {
  /** What `random_interval` draws next: a whole number from 0 to `max`, `max` included. */
  interval(max: number): number;
  /** `numpy.random.permutation(n)`. */
  permutation(n: number): Int32Array;
}

const N = 624;
const M = 397;

/**
 * MT19937 (Matsumoto and Nishimura, 1998) seeded as `numpy.random.seed` does with a whole number.
 * @throws UsageError when NumPy would refuse the seed: it takes 0 to 2^32 - 1
 */
export function numpyLegacy(seed: number): NumpyLegacy {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff)
    throw new UsageError(
      `seed: ${seed} is not allowed with NumPy's legacy stream; give a whole number from 0 to 4294967295`,
    );
  const state = new Uint32Array(N);
  state[0] = seed;
  for (let i = 1; i < N; i++) {
    const before = state[i - 1];
    state[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
  }
  let position = N;

  function uint32(): number {
    if (position === N) {
      twist(state);
      position = 0;
    }
    let y = state[position++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** Draws under the smallest mask of ones that covers `max` until one is not above it. */
  function interval(max: number): number {
    if (max === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(max);
    for (;;) {
      const value = (uint32() & mask) >>> 0;
      if (value <= max) return value;
    }
  }

  function permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = interval(i);
      const held = order[i];
      order[i] = order[j]!;
      order[j] = held;
    }
    return order;
  }

  return { interval, permutation };
}

function twist(state: Uint32Array): void {
  for (let i = 0; i < N; i++) {
    const y = (state[i] & 0x80000000) | (state[(i + 1) % N] & 0x7fffffff);
    state[i] = state[(i + M) % N] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
  }
}
