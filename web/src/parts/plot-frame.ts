/** A rectangle of a figure with its axes, as the figure's attributes tell it. */
export interface PlotFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly xDomain: readonly [number, number];
  readonly xScale: "linear" | "log";
}

/** Reads `data-plot="left,top,width,height"` and the x axis beside it; undefined where an element has none. */
export function readPlotFrame(attribute: (name: string) => string | null): PlotFrame | undefined {
  const [left, top, width, height] = numbers(attribute("data-plot"));
  const [from, to] = numbers(attribute("data-x-domain"));
  if (left === undefined || top === undefined || !(Number(width) > 0) || !(Number(height) > 0)) return undefined;
  if (from === undefined || to === undefined || from === to) return undefined;
  const xScale = attribute("data-x-scale") === "log" ? "log" : "linear";
  return { left, top, width: Number(width), height: Number(height), xDomain: [from, to], xScale };
}

/** The value of the x axis at a horizontal place in the figure's own units, held inside the axis. */
export function valueAt({ left, width, xDomain: [from, to], xScale }: PlotFrame, x: number): number {
  const share = Math.min(1, Math.max(0, (x - left) / width));
  return xScale === "log" ? from * (to / from) ** share : from + share * (to - from);
}

/** Where a value stands, in the figure's own units. */
export function placeOf({ left, width, xDomain: [from, to], xScale }: PlotFrame, value: number): number {
  const share = xScale === "log" ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
  return left + Math.min(1, Math.max(0, share)) * width;
}

/** The nearest of ascending stops; the value itself where there are none. */
export function nearestStop(stops: readonly number[], value: number): number {
  if (stops.length === 0) return value;
  const at = indexFrom(stops, value);
  const before = stops[Math.max(0, at - 1)];
  const after = stops[Math.min(stops.length - 1, at)];
  return value - before <= after - value ? before : after;
}

/** The stop so many places from the one nearest to the value. */
export function stopBeside(stops: readonly number[], value: number, places: number): number {
  const at = stops.indexOf(nearestStop(stops, value));
  return stops[Math.min(stops.length - 1, Math.max(0, at + places))] ?? value;
}

/** Index of the first stop that is not below the value. */
function indexFrom(stops: readonly number[], value: number): number {
  let low = 0;
  let high = stops.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stops[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function numbers(text: string | null): readonly number[] {
  const found = (text ?? "").split(",").map(Number);
  return found.every(Number.isFinite) && text !== null && text !== "" ? found : [];
}
