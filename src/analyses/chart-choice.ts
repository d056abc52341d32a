import { choice } from "../options.ts";
import { chartOf, chartsOf, operations, type Chart } from "./charts.ts";
import type { Network } from "./network.ts";
import { UsageError } from "../options.ts";

/** In which coordinates the numbers are read. */
export const chartField = choice(
  ["auto", ...operations],
  "auto",
  "the operation whose coordinates are used; auto: the one that the examples obey, addition where there is none",
);

/** The chart that an option names for this network. @throws UsageError where p has no such chart */
export function chartFor({ p, examples }: Network, name: (typeof chartField)["default"]): Chart {
  const charts = chartsOf(p);
  if (name === "auto") return chartOf(p, examples) ?? charts[0];
  const found = charts.find(({ operation }) => operation === name);
  if (found === undefined)
    throw new UsageError(`chart: ${name} modulo ${p} has no discrete logarithm; ${p} is not an odd prime`);
  return found;
}
