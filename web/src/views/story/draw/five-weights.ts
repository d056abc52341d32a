import { dft } from "../../../../../src/analyses/fourier.ts";
import { transpose } from "../../../../../src/analyses/matrix.ts";
import {
  adaptive,
  colorBar,
  emptyFrame,
  frame,
  mapPanel,
  mapPanelExtra,
} from "../../../../../src/figures/svg/index.ts";
import type { StoryRun } from "../data/story-run.svelte.ts";
import { lit, tables } from "./weights.ts";

const names = ["cos", "sin"];

/**
 * The twenty weights of five neurons: a row for each neuron, its weights on cosine and sine, in and out. The full color
 * follows the largest weight, because the weights grow a hundredfold.
 */
export function fiveWeights(run: StoryRun, { width }: { readonly width: number }): string {
  const found = tables(run);
  if (!found) return emptyFrame("No weights yet", { width, theme: adaptive });
  const n = found.input.cols;
  // Rows 1 and 2 of a spectrum are cosine and sine of frequency 1, columns of length 1 as those of the embedding.
  const sides = [dft(found.input), dft(transpose(found.output))].map(({ data }) =>
    Float64Array.from({ length: 2 * n }, (_, i) => data[(1 + (i % 2)) * n + Math.floor(i / 2)]),
  );
  const range = 1.2 * sides.flatMap((side) => [...side]).reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  const [left, top, mapWidth, rowHeight] = [28, mapPanelExtra.top + 8, 110, 22];
  const neurons = Array.from({ length: n }, (_, j) => j);
  const panels = sides.map((data, side) =>
    mapPanel({
      ...{ left: left + side * (mapWidth + 34), top, width: mapWidth, rowHeight, neurons, range, theme: adaptive },
      cells: { rows: n, cols: 2, data },
      title: side === 0 ? `in, step ${run.group.step.toLocaleString("en")}` : "out",
      xLabel: "",
      xTicks: names.map((text, at) => ({ at, text })),
      named: true,
      highlight: lit(run),
    }),
  );
  const height = top + n * rowHeight + 24;
  const list = neurons.map((j) => {
    const [a, b, c, d] = [0, 1]
      .flatMap((side) => [sides[side][2 * j], sides[side][2 * j + 1]])
      .map((v) => v.toFixed(1));
    return `neuron ${j} in ${a}, ${b}, out ${c}, ${d}`;
  });
  return frame(
    {
      width: left + 2 * mapWidth + 34 + 60,
      height,
      theme: adaptive,
      label: `Weights on cosine and sine: ${list.join("; ")}.`,
    },
    panels,
    colorBar({ left: left + 2 * mapWidth + 46, top, width: 10, height: n * rowHeight, range, theme: adaptive }),
  );
}
