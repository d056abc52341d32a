import { float } from "../options.ts";
import { defineAnalysis } from "./analysis.ts";
import { chartField, chartFor } from "./chart-choice.ts";
import { inChart } from "./charts.ts";
import { circuitFields, circuitOf, type Circuit } from "./circuit.ts";
import { median } from "./concentration.ts";
import { frequencyOfRow, highestFrequency } from "./fourier.ts";
import type { Matrix, Network } from "./network.ts";
import { concentrationOf } from "./spectrum.ts";
import { frequencyPart, sumPart, testLossesWithout } from "./sum-part.ts";

/** Which frequencies a network uses, by several rules that need not agree. */
export interface ActiveFrequencyRows {
  readonly frequencies: readonly {
    readonly frequency: number;
    /** Share of the power of the input weights. */
    readonly share: number;
    /** Share of the power of the logits' part that depends on a + b alone. */
    readonly logitShare: number;
    /** Test loss with this frequency taken out of the logits, less the test loss, in nats; null where it was not tried. */
    readonly lossRise: number | null;
  }[];
  readonly rules: readonly {
    readonly rule: "share" | "median" | "component" | "groups" | "causal";
    readonly says: string;
    readonly frequencies: readonly number[];
  }[];
}

const fields = {
  ...circuitFields,
  minShare: float(0.01, "share of the power of the input weights from which a frequency counts", { min: 0, max: 1 }),
  timesMedian: float(5, "times the median power from which it counts", { min: 1 }),
  component: float(10, "largest component of a neuron from which its frequency counts, as published", { min: 0 }),
  lossRise: float(0.01, "nats that the test loss must rise by when it is taken out of the logits", { min: 0 }),
  chart: chartField,
};

/**
 * Rules: `share` of the power at least 1 %; more than 5 times the `median` power; a neuron with a `component` above 10 has
 * it strongest (Pearce et al. 2023); a neuron that fits is in its `groups`; and `causal`: the test loss rises when the
 * frequency's cosine and sine of a + b are taken out of the logits (Nanda et al. 2023). The causal rule is the one to
 * believe: power alone also counts waves that nothing reads.
 *
 * Planted: for pure waves every rule but `component`, which depends on the scale of the weights, names the planted set.
 */
export const activeFrequencies = defineAnalysis({
  name: "active-frequencies",
  summary: "Which frequencies the network uses, by power and by what happens without them.",
  source: "Pearce et al. 2023; Nanda et al. 2023",
  needs: "network",
  fields,
  run: (network, options): ActiveFrequencyRows => {
    const chart = chartFor(network, options.chart);
    const read = inChart(network, chart);
    return activeFrequenciesOf(read, circuitOf(read, chart, options.fitShare), options);
  },
});

type Bounds = Readonly<Record<"fitShare" | "minShare" | "timesMedian" | "component" | "lossRise", number>>;
const defaults: Bounds = {
  fitShare: fields.fitShare.default,
  minShare: fields.minShare.default,
  timesMedian: fields.timesMedian.default,
  component: fields.component.default,
  lossRise: fields.lossRise.default,
};

/** @param read a network in the coordinates of its circuit */
export function activeFrequenciesOf(read: Network, circuit: Circuit, options: Bounds = defaults): ActiveFrequencyRows {
  const { p } = read;
  const { shares, spectrum } = concentrationOf(read.inputs[0]);
  const part = sumPart(read);
  const parts = Array.from({ length: highestFrequency(p) }, (_, i) => {
    return { frequency: i + 1, matrix: frequencyPart(part, i + 1) };
  });
  const sizes = parts.map(({ matrix }) => matrix.data.reduce((sum, x) => sum + x * x, 0));
  const all = sizes.reduce((sum, x) => sum + x, 0);
  const rises = lossRises(read, parts, sizes.map((size) => size / all)); // prettier-ignore
  const frequencies = parts.map(({ frequency }, i) => ({
    frequency,
    share: shares[i],
    logitShare: all > 0 ? sizes[i] / all : 0,
    lossRise: rises[i],
  }));
  const typical = median(shares);
  const where = (holds: (row: (typeof frequencies)[number]) => boolean) =>
    frequencies.filter(holds).map(({ frequency }) => frequency);
  const { groups } = circuit;
  return {
    frequencies,
    rules: [
      {
        rule: "causal",
        says: `test loss rises by ${options.lossRise} nats or more without it`,
        frequencies: where(({ lossRise }) => lossRise !== null && lossRise >= options.lossRise),
      },
      {
        rule: "groups",
        says: `at least one neuron is made of it, at ${options.fitShare} of its power`,
        frequencies: groups.map(({ frequency }) => frequency),
      },
      {
        rule: "share",
        says: `at least ${options.minShare} of the power of the input weights`,
        frequencies: where(({ share }) => share >= options.minShare),
      },
      {
        rule: "median",
        says: `more than ${options.timesMedian} times the median power`,
        frequencies: where(({ share }) => share > options.timesMedian * typical),
      },
      {
        rule: "component",
        says: `strongest in a neuron with a component above ${options.component}, as published`,
        frequencies: byComponent(spectrum, options.component),
      },
    ],
  };
}

/** Only frequencies that hold a thousandth of the logits' power are tried: the others move the loss by nothing. */
function lossRises(
  network: Network,
  parts: readonly { readonly matrix: Matrix }[],
  shares: readonly number[],
): readonly (number | null)[] {
  const tried = parts.filter((_, i) => shares[i] >= 1e-3);
  const [loss, ...without] = testLossesWithout(
    network,
    tried.map(({ matrix }) => matrix),
  );
  return parts.map((part) => {
    const at = tried.indexOf(part);
    return at < 0 ? null : without[at] - loss;
  });
}

/** The published rule: largest single component of each neuron, above a bound. */
function byComponent({ rows, cols, data }: Matrix, least: number): readonly number[] {
  const found = new Set<number>();
  for (let j = 0; j < cols; j++) {
    let best = 0;
    for (let row = 1; row < rows; row++) {
      if (Math.abs(data[row * cols + j]) > Math.abs(data[best * cols + j])) best = row;
    }
    if (best > 0 && Math.abs(data[best * cols + j]) > least) found.add(frequencyOfRow(best));
  }
  return [...found].sort((a, b) => a - b);
}
