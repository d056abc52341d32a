/** Numbers as the pages show them. */

export const whole = (value: number): string => Math.round(value).toLocaleString("en");

/** A share as 12.3 %; rounded down short of 100 %, which is said only of all. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return "–";
  const rounded = Math.round(1000 * share) / 10;
  return `${rounded === 100 && share < 1 ? "99.9" : rounded} %`;
}

/** Three digits; small and large ones as 1.23e-7. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return value.toExponential(2);
  return String(Number(value.toPrecision(3)));
}

/** 45 s, 3 min, 2.5 h. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  if (seconds < 90) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${Number((seconds / 3600).toPrecision(2))} h`;
}

/** A date of ISO 8601 as the reader's place writes it, to the minute. */
export function moment(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? "–" : date.toLocaleString("en", { dateStyle: "medium", timeStyle: "short", hour12: false }); // prettier-ignore
}
