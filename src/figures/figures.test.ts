import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testFigure } from "../../test/contracts/figure.ts";
import { root } from "../../test/tree.ts";
import { constructedNetwork } from "../analyses/constructed.ts";
import { circleSum } from "./circle-sum.ts";
import { numberCircle } from "./number-circle.ts";
import { reluWrap } from "./relu-wrap.ts";
import { runFigures, logitRows } from "./run-figures.ts";
import { stars } from "./stars.ts";
import { galleryPage } from "./testing/gallery.ts";
import { samples } from "./testing/samples.ts";
import { waves } from "./waves.ts";
import { weightMaps } from "./weight-maps.ts";

for (const sample of samples) testFigure(sample);

describe("the gallery", () => {
  // The pictures of docs/figures.md: `npx vitest run --project unit src/figures/figures.test.ts -u` draws them anew.
  it.each(samples)("has $name as it is drawn now", async ({ name, draw }) => {
    await expect(draw({})).toMatchFileSnapshot(join(root, `docs/figures/${name}.svg`));
  });

  it("has a page that shows them all", async () => {
    await expect(galleryPage(samples)).toMatchFileSnapshot(join(root, "docs/figures.md"));
  });
});

describe("figures of runs", () => {
  it("have a sample each", () => {
    const drawn = new Set(samples.map(({ name }) => name));
    expect(runFigures.map(({ name }) => name).filter((name) => !drawn.has(name))).toEqual([]);
  });
});

const network = constructedNetwork(23, [{ frequency: 3, neurons: 5, rotation: 0.2 }], "relu");

describe("weight maps", () => {
  const rows = { input: network.inputs[0], output: network.output };

  it("have a place to point at for every neuron, and dim the others", () => {
    const svg = weightMaps(rows, { highlight: 2, range: 5 });
    expect(svg.match(/data-neuron="2"/g)).toHaveLength(2);
    expect(svg.match(/fill-opacity="0.7"/g)).toHaveLength(4);
    expect(svg).toContain('data-range="5"');
  });

  it("follow the order they are given", () => {
    const order = [4, 3, 2, 1, 0];
    const found = [...weightMaps(rows, { order }).matchAll(/data-neuron="(\d)"/g)].map(([, neuron]) => Number(neuron));
    expect(found).toEqual([...order, ...order]);
  });
});

describe("waves and stars", () => {
  it("of a network without groups say so", () => {
    expect(waves({ input: network.inputs[0], output: network.output, groups: [] })).toContain("No neuron is a wave");
    expect(stars({ groups: [] })).toContain("No neuron is a wave");
  });
});

describe("logits by frequency", () => {
  it("of a planted network peak at the right answer, along the cosine that they should be", () => {
    const { answer, series } = logitRows(network, 20, 9);
    expect(answer).toBe(6);
    for (const { logits } of series) expect(Array.from(logits).indexOf(Math.max(...Array.from(logits)))).toBe(6);
    const [{ logits, expected }] = series;
    const off = Math.max(...Array.from(logits, (logit, c) => Math.abs(logit - expected![c])));
    expect(off).toBeLessThan(0.2 * Math.max(...Array.from(logits)));
  });
});

describe("circles", () => {
  it("have no answer for two numbers opposite each other", () => {
    expect(circleSum({ modulus: 12, a: 1, b: 7 })).toContain("no direction, no answer");
    const rows = { neurons: 5, modulus: 12, activation: "square", rotation: 0.15, a: 1, b: 7 } as const;
    expect(reluWrap(rows)).toContain("every neuron is 0: no answer");
  });

  it("say how round they are", () => {
    const points = Array.from({ length: 8 }, (_, n) => ({ n, x: Math.cos(n), y: Math.sin(n) }));
    expect(numberCircle({ points, frequency: 2 })).toContain("varies by 0.0 %");
  });
});
