import { lifetimeOf, type SweptRun, type Timed } from "../verdict/index.ts";
import { count } from "../verdict/words.ts";
import type { Theme } from "./svg/index.ts";

/** A color for each run by when something happened to it: the later, the darker, in steps that can be told apart. */
export interface TimeShades {
  /** Which of `paints` a run has; 0 where it did not happen, undefined where nothing is known. */
  readonly shadeOf: (run: SweptRun) => number | undefined;
  /** Attributes of a mark, the first for runs to which it did not happen. */
  readonly paints: readonly string[];
  readonly legend: readonly { readonly text: string; readonly paint: string }[];
}

export const timeNames: Readonly<Record<Timed, string>> = {
  delay: "delay from fitting to generalizing",
  generalizeStep: "step of generalizing",
  fitStep: "step of fitting",
};

/** Opacities of one color: lightness alone tells them apart, in print and to every eye. */
const opacities = [0.12, 0.32, 0.52, 0.74, 1] as const;

/** Shades of equal shares of the runs: times lie powers of ten apart. */
export function timeShades(runs: readonly SweptRun[], of: Timed, theme: Theme): TimeShades {
  const timeOf = ({ verdict }: SweptRun): number | undefined => {
    const found = verdict && lifetimeOf(verdict, of);
    return found?.observed ? found.step : undefined;
  };
  const times = runs.flatMap((run) => timeOf(run) ?? []).sort((a, b) => a - b);
  // Upper ends of the shades, each once: with few times there are fewer.
  const ends = [...new Set(opacities.map((_, i) => times[Math.ceil(((i + 1) * times.length) / opacities.length) - 1]))].filter((end) => end !== undefined); // prettier-ignore
  const steps = (value: number): string => Math.round(value).toLocaleString("en");
  const paint = (opacity: number): string => `fill="${theme.test}" fill-opacity="${opacity}" stroke="${theme.test}"`;
  // Filled, so that it can be clicked.
  const never = `fill="${theme.panel}" stroke="${theme.muted}" stroke-opacity="0.6"`;
  const shades = ends.map((_, i) => paint(opacities[opacities.length - ends.length + i]));
  const nothing = runs.filter((run) => run.verdict && timeOf(run) === undefined).length;
  return {
    shadeOf: (run) => {
      if (!run.verdict) return undefined;
      const time = timeOf(run);
      return time === undefined ? 0 : 1 + ends.findIndex((end) => time <= end);
    },
    paints: [never, ...shades],
    legend: [
      ...ends.map((end, i) => ({ text: i === 0 ? `${timeNames[of]}: up to ${steps(end)}` : `up to ${steps(end)}`, paint: shades[i] })), // prettier-ignore
      ...(nothing > 0 ? [{ text: `none (${count(nothing, "run")})`, paint: never }] : []),
    ],
  };
}
