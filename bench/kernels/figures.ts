// Figures that a page draws anew at every scrub: a heat map, waves, stars, curves; noise, which merges and thins least.
import { chartsOf } from "../../src/analyses/charts.ts";
import { circuitOf } from "../../src/analyses/circuit.ts";
import { constructedNetwork } from "../../src/analyses/constructed.ts";
import { stars } from "../../src/figures/stars.ts";
import { heat, light, linePath, linear } from "../../src/figures/svg/index.ts";
import { waves } from "../../src/figures/waves.ts";
import { weightMaps } from "../../src/figures/weight-maps.ts";
import { numbers, report, time } from "../harness.ts";

const [p, n] = [67, 24];
const noise = numbers(p * n);
const steps = Float64Array.from({ length: 1000 }, (_, i) => i);
const values = numbers(1000);
const place = { left: 0, top: 0, cellWidth: 5, cellHeight: 4, range: 0.5, theme: light };
const cells = { rows: n, cols: p, data: noise };
const groups = [4, 5, 7, 26].map((frequency, i) => ({ frequency, neurons: 6, rotation: i }));
const network = constructedNetwork(p, groups, "relu");
const rows = { input: network.inputs[0], output: network.output };
const circuit = circuitOf(network, chartsOf(p)[0]);
const members = circuit.groups.map(({ frequency, neurons }) => ({ frequency, neurons: neurons.map(({ index }) => index) })); // prettier-ignore

report(
  `cells of a heat map, ${p} x ${n}`,
  time(() => heat(cells, place)),
);
report(
  `weight maps, 2 x ${p} x ${n}`,
  time(() => weightMaps({ input: { rows: p, cols: n, data: noise }, output: cells })),
);
report(
  `waves, 2 x ${n} curves of ${p}`,
  time(() => waves({ ...rows, groups: members })),
);
report(
  `stars of ${n} neurons`,
  time(() => stars(circuit)),
);
for (const width of [600, 200]) {
  report(`curve of 1,000 points, ${width} px wide`, time(() => linePath(steps, values, linear([0, 1000], [0, width]), linear([-0.5, 0.5], [150, 0])))); // prettier-ignore
}
