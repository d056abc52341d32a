/**
 * How long the 1,125 runs of the published parity sweep took beside each other: fifty quantiles of what a store recorded
 * of them. The longest are those that waited for other work on the machine.
 */
const recorded = [
  ...[0.7, 0.79, 0.89, 0.95, 1.02, 1.06, 1.11, 1.17, 1.25, 1.29, 1.34, 1.38, 1.43, 1.48, 1.57, 1.63, 1.75, 1.83],
  ...[1.89, 1.97, 2.11, 2.24, 2.34, 2.51, 2.69, 2.87, 3, 3.14, 3.26, 3.4, 3.54, 3.76, 4.1, 4.49, 4.79, 5.24, 5.47],
  ...[5.76, 6.04, 6.3, 6.65, 7.39, 8.62, 11.65, 13.22, 15.01, 18.78, 25.87, 30.99, 66.14],
];
const mean = recorded.reduce((sum, length) => sum + length, 0) / recorded.length;

/** Seconds of run number i of a sweep whose runs take so long in the mean. */
export const runLength = (i: number, meanSeconds: number): number =>
  (recorded[(Math.imul(i + 1, 0x9e3779b1) >>> 8) % recorded.length] / mean) * meanSeconds;
