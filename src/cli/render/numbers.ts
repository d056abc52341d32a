import { percent, steps } from "../../verdict/words.ts";

export { count, number, percent, steps } from "../../verdict/words.ts";

/** A loss in three digits: `1.53`, `0.0653`, `8.70e-7`. */
export function shortLoss(loss: number): string {
  if (!Number.isFinite(loss)) return Number.isNaN(loss) ? "NaN" : loss > 0 ? "inf" : "-inf";
  const size = Math.abs(loss);
  if (size !== 0 && (size < 1e-3 || size >= 1e4)) return loss.toExponential(2).replace("e+", "e");
  return loss.toPrecision(3).replace(/e\+?/, "e");
}

/** An accuracy that is never rounded up to 100 %: `100 %` means every example. */
export function shortAccuracy(share: number): string {
  if (share < 1 && share > 0.9995) return "99.9 %";
  return percent(share);
}

/** Steps per second, in two or three digits: `1,060`, `0.42`. */
export function rate(perSecond: number): string {
  if (!Number.isFinite(perSecond)) return "-";
  return perSecond >= 100
    ? steps(Number(Math.round(perSecond).toPrecision(3)))
    : String(Number(perSecond.toPrecision(2)));
}

/** `0.44 s`, `3.6 s`, `36 s`, `3 min 05 s`, `2 h 07 min`, `3 d 04 h` */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return "-";
  if (seconds < 0.995) return `${Number(seconds.toFixed(2))} s`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const pair = (n: number, large: string, small: string) =>
    `${Math.floor(n / (small === "h" ? 24 : 60))} ${large} ${String(n % (small === "h" ? 24 : 60)).padStart(2, "0")} ${small}`;
  if (whole < 3600) return pair(whole, "min", "s");
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return pair(minutes, "h", "min");
  return pair(Math.round(seconds / 3600), "d", "h");
}

/** `24 s` or `1.5 min`: the measured time of an experiment. */
export const minutes = (n: number): string =>
  n < 1 ? `${Math.max(1, Math.round(n * 60))} s` : `${Number(n < 10 ? n.toFixed(1) : n.toFixed(0))} min`;

/** `12.3 kB` */
export function bytes(n: number): string {
  if (n < 1000) return `${n} bytes`;
  const power = Math.min(3, Math.floor(Math.log10(n) / 3));
  return `${Number((n / 1000 ** power).toPrecision(3))} ${["", "kB", "MB", "GB"][power]}`;
}
