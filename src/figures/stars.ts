import type { Circuit } from "../analyses/circuit.ts";
import type { Wave } from "../analyses/fourier.ts";
import {
  category,
  emptyFrame,
  frame,
  grouped,
  light,
  starPanel,
  titleHeight,
  type FigureOptions,
} from "./svg/index.ts";

export interface StarOptions extends FigureOptions {
  readonly step?: number | undefined;
  /** Neuron that is pointed at. */
  readonly highlight?: number | undefined;
  /** Join neighbors by input phase. Default true. */
  readonly edges?: boolean | undefined;
  /** Draw the circle at the mean norm of the group (default) or at its largest. */
  readonly circle?: "mean" | "largest" | undefined;
  /** Names in the discs: places in sorted order (default), or in the network. */
  readonly names?: "sorted" | "network" | undefined;
}

/**
 * The neurons of each frequency in the plane of cosine and sine, joined in the order of their input phase: by their input
 * weights a polygon, by their output weights a star, because the output phase is twice the input phase. As SVG text.
 */
export function stars({ groups }: Pick<Circuit, "groups">, options: StarOptions = {}): string {
  const {
    width = 720,
    theme = light,
    title,
    step,
    highlight,
    edges = true,
    circle = "mean",
    names = "sorted",
  } = options;
  if (groups.length === 0) return emptyFrame("No neuron is a wave of one frequency", options);
  const margin = 10;
  const pairs = Math.max(1, Math.min(groups.length, Math.floor(width / 330)));
  const pairWidth = (width - margin * (pairs + 1)) / pairs;
  const size = Math.min(200, (pairWidth - 8) / 2);
  const rowHeight = size + 26;
  const start = titleHeight(title) + 22;
  let place = 0;
  const panels = groups.flatMap(({ frequency, neurons }, g) => {
    const left = margin + (g % pairs) * (pairWidth + margin);
    const top = start + Math.floor(g / pairs) * rowHeight;
    const sides = [
      { side: "in", left, waves: neurons.map(({ a }) => a) },
      { side: "out", left: left + size + 8, waves: neurons.map(({ output }) => output) },
    ];
    const first = place;
    place += neurons.length;
    return sides.map(({ side, left, waves }) => {
      const norms = waves.map(({ norm }) => norm);
      const mean = norms.reduce((sum, norm) => sum + norm, 0) / norms.length;
      const most = Math.max(...norms);
      // 1.2 times the mean, as published, unless a neuron would fall out of the picture.
      const reach = (circle === "largest" ? 1.2 * most : Math.max(1.2 * mean, 1.12 * most)) || 1;
      return starPanel({
        left,
        top,
        size,
        reach,
        circle: circle === "largest" ? most : mean,
        edges,
        color: category(theme, g),
        theme,
        frequency,
        highlight,
        title: `k=${frequency} ${side}put`
          .replace("input", size < 150 ? "in" : "input")
          .replace("output", size < 150 ? "out" : "output"),
        nodes: neurons.map(({ index }, i) => ({
          neuron: index,
          name: String(names === "sorted" ? first + i : index),
          ...ends(waves[i]),
        })),
      });
    });
  });
  const height = start + Math.ceil(groups.length / pairs) * rowHeight;
  const found = groups.map(
    ({ frequency, neurons, meanDefect }) =>
      `frequency ${frequency}, ${neurons.length} neurons, output phase within ${((180 / Math.PI) * meanDefect).toFixed(1)} degrees of twice the input phase`,
  );
  const label = `Neurons by the cosine and sine of their weights${step === undefined ? "" : ` at step ${grouped(step)}`}: ${found.join("; ")}.`;
  return frame({ width, height, title, theme, label }, panels);
}

const ends = ({ norm, phase }: Wave) => ({ cos: norm * Math.cos(phase), sin: norm * Math.sin(phase) });
