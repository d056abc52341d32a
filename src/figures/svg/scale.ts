/** From values to pixels along one axis. */
export interface Scale {
  readonly kind: "linear" | "log";
  readonly domain: readonly [number, number];
  /** Pixels of the domain's ends; for y the first is the lower edge. */
  readonly range: readonly [number, number];
  at(value: number): number;
  /** The value at a pixel. */
  invert(pixel: number): number;
  /** Values for about this many ticks. */
  ticks(count: number): readonly number[];
  format(tick: number): string;
}

type Pair = readonly [number, number];

export function linear(domain: Pair, range: Pair): Scale {
  const [from, to] = widened(domain);
  const factor = (range[1] - range[0]) / (to - from);
  return {
    kind: "linear",
    domain: [from, to],
    range,
    at: (value) => range[0] + (value - from) * factor,
    invert: (pixel) => from + (pixel - range[0]) / factor,
    ticks: (count) => linearTicks(from, to, count),
    format: plain,
  };
}

/** Logarithmic; the domain must be above zero. */
export function log(domain: Pair, range: Pair): Scale {
  const from = domain[0] > 0 ? domain[0] : Number.MIN_VALUE;
  const to = domain[1] > from ? domain[1] : from * 10;
  const start = Math.log10(from);
  const factor = (range[1] - range[0]) / (Math.log10(to) - start);
  return {
    kind: "log",
    domain: [from, to],
    range,
    at: (value) => range[0] + (Math.log10(value) - start) * factor,
    invert: (pixel) => 10 ** (start + (pixel - range[0]) / factor),
    ticks: (count) => powersOfTen(from, to, count),
    format: power,
  };
}

/** A domain without an extent has none to divide by. */
function widened([from, to]: Pair): Pair {
  if (!Number.isFinite(from) || !Number.isFinite(to)) return [0, 1];
  return from === to ? [from - 0.5, to + 0.5] : [from, to];
}

/** Multiples of 1, 2 or 5 times a power of ten inside the domain. */
export function linearTicks(from: number, to: number, count: number): readonly number[] {
  const [low, high] = from < to ? [from, to] : [to, from];
  const rough = (high - low) / Math.max(1, count);
  if (!(rough > 0) || !Number.isFinite(rough)) return [low];
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = magnitude * ([1, 2, 5].find((nice) => nice * magnitude >= rough * 0.9999) ?? 10);
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
    ticks.push(Number((i * step).toPrecision(12)));
  }
  return ticks;
}

/** Powers of ten inside the domain, every n-th where there are many. */
export function powersOfTen(from: number, to: number, count: number): readonly number[] {
  const low = Math.ceil(Math.log10(from) - 1e-9);
  const high = Math.floor(Math.log10(to) + 1e-9);
  const every = Math.max(1, Math.ceil((high - low + 1) / Math.max(1, count)));
  const ticks: number[] = [];
  for (let exponent = high; exponent >= low; exponent -= every) ticks.unshift(Number(`1e${exponent}`));
  return ticks;
}

/** The domain from the power of ten below the smallest positive value to the one above the largest. */
export function decades(values: Iterable<number>): Pair {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!(value > 0) || value === Infinity) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [0.1, 1];
  const from = Math.floor(Math.log10(low) + 1e-9);
  return [Number(`1e${from}`), Number(`1e${Math.max(Math.ceil(Math.log10(high) - 1e-9), from + 1)}`)];
}

/** Smallest and largest finite value; `otherwise` where there is none. */
export function extent(values: Iterable<number>, otherwise: Pair = [0, 1]): Pair {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? otherwise : [low, high];
}

/** Largest absolute finite value. */
export function largest(values: Iterable<number>, otherwise = 1): number {
  let most = 0;
  for (const value of values) {
    const size = Math.abs(value);
    if (size > most && size !== Infinity) most = size;
  }
  return most > 0 ? most : otherwise;
}

/** 50000 as 50k, 0.25 as it is: short enough for an axis. */
export function plain(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(4))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(4))}k`;
  if (size > 0 && size < 1e-3) return value.toExponential(0).replace("e-", "e\u2212");
  return String(Number(value.toPrecision(6))).replace("-", "\u2212");
}

export const percent = (share: number): string => `${Number((100 * share).toPrecision(3))}%`;

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** A power of ten: 0.01, 1, 100 written out, others as 10⁻⁵. */
export function power(value: number): string {
  const exponent = Math.round(Math.log10(value));
  if (Math.abs(Math.log10(value) - exponent) > 1e-6) return plain(value);
  if (exponent >= -2 && exponent <= 2) return String(Number(`1e${exponent}`));
  const digits = [...String(Math.abs(exponent))].map((digit) => superscripts[Number(digit)]).join("");
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

/** 12345 as 12,345. */
export const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ",");
