/** `40,100`: a step as a person reads it, the same in every locale. */
export function steps(step: number): string {
  return Number.isInteger(step) ? String(step).replace(/\B(?=(\d{3})+$)/g, ",") : number(step);
}

/** Four significant digits, without trailing zeros: `1.532`, `0.05`, `3.82e-7`. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "infinite" : "-infinite";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6))
    return value
      .toExponential(3)
      .replace(/\.?0+e/, "e")
      .replace("e+", "e");
  return String(Number(value.toPrecision(size >= 1000 ? 6 : 4)));
}

/** `98.5 %` */
export const percent = (share: number): string =>
  Number.isFinite(share) ? `${Number((100 * share).toFixed(1))} %` : number(share);

/** `1 evaluation`, `3 evaluations` */
export const count = (n: number, thing: string): string => `${steps(n)} ${thing}${n === 1 ? "" : "s"}`;

/** A chance-normalized accuracy: `40 % above chance`, `0.5 % below chance`. */
export const overChance = (accuracy: number): string =>
  `${percent(Math.abs(accuracy))} ${accuracy < 0 ? "below" : "above"} chance`;
