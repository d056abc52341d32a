import { readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { experiments, sweeps } from "../../../../../experiments/index.ts";
import { decodeRecordings } from "../../../../../src/runs/recording/decode.ts";
import type { Recording } from "../../../../../src/runs/recording/recording.ts";
import { plan, runId } from "../../../../../src/train/plan.ts";
import { expand } from "../../../../../src/train/sweep.ts";
import { relabelled, tallyOf } from "../../sweeps/sweep-labels.ts";
import { circuitOfMatrices } from "./circuits.ts";
import { factsOf } from "./facts.ts";
import { framesOf, indexAt, inNats } from "./frames.ts";
import { turns } from "./turns.ts";

const folder = fileURLToPath(new URL("../../../../public/recordings/", import.meta.url));
const names = readdirSync(folder).filter((name) => name.endsWith(".rec"));
const read = (name: string): readonly Recording[] => decodeRecordings(readFileSync(folder + name));

describe("the shipped recordings", () => {
  it("are those that their list names", () => {
    const list = JSON.parse(readFileSync(`${folder}index.json`, "utf8")) as string[];
    expect(list).toEqual(
      readdirSync(folder)
        .filter((name) => name !== "index.json")
        .sort(),
    );
  });

  it.each(names)("%s is whole, and small enough to be sent with a page", (name) => {
    const recordings = read(name);
    expect(recordings.length).toBeGreaterThan(0);
    const most = recordings.length === 1 ? 300_000 : 1_500_000;
    expect(statSync(folder + name).size).toBeLessThan(most);
    for (const { weightsHash } of recordings) expect(weightsHash).toMatch(/^sha256:/);
  });

  it("come from the declared experiments, apart from how often weights were kept", () => {
    for (const experiment of experiments) {
      if (!names.includes(`${experiment.name}.rec`)) continue;
      const [recorded] = read(`${experiment.name}.rec`);
      const declared = plan(experiment.experiment);
      const { checkpointEvery } = recorded.plan.training;
      expect(recorded.plan).toEqual({ ...declared, training: { ...declared.training, checkpointEvery } });
    }
  });
});

describe("what the story says of them", () => {
  let main: Recording;
  beforeAll(() => {
    [main] = read("modular-addition.rec");
  });

  it("the main run knows its sums within 500 steps, the others tens of thousands later, and is below chance between", () => {
    const facts = factsOf(inNats(main.plan, main.evals));
    expect(facts.fitted).toBeLessThanOrEqual(500);
    expect(facts.all).toBeGreaterThan(30_000);
    expect(facts.testWhenFitted).toBeLessThan(1 / 67);
    // In nats: the published unit would be 67 times smaller.
    expect(facts.peak.loss).toBeGreaterThan(Math.log(67));
  });

  it("its neurons end as waves of few frequencies, and vote in twice the direction in which they listen", () => {
    const frames = framesOf(main);
    const circuit = circuitOfMatrices(frames.at(frames.steps.length - 1));
    expect(circuit?.groups.length).toBeLessThanOrEqual(5);
    expect(circuit?.unfit).toEqual([]);
    for (const { meanDefect } of circuit?.groups ?? []) expect(meanDefect).toBeLessThan(0.2);
    const early = circuitOfMatrices(frames.at(indexAt(frames.steps, 2000)));
    expect(early?.groups.flatMap((group) => group.neurons).length).toBeLessThan(12);
  });

  it("five neurons end as a pentagon and a star", () => {
    const [five] = read("five-neurons.rec");
    const frames = framesOf(five);
    const [group] = circuitOfMatrices(frames.at(frames.steps.length - 1))?.groups ?? [];
    expect(group.neurons).toHaveLength(5);
    expect(group.starStep).toBe(2);
    for (const gap of group.gaps) expect(Math.abs((gap * 180) / Math.PI - 72)).toBeLessThan(4);
    expect(factsOf(five.evals).widestGap).toBeLessThan(0.03);
  });

  it("the gallery leaves none of a hundred seeds out, and half of them generalize", () => {
    const seeds = read("seeds.rec");
    expect(seeds.map(({ plan: { seed } }) => seed)).toEqual(Array.from({ length: 100 }, (_, seed) => seed));
    const count = (label: string) => seeds.filter(({ verdict }) => verdict?.label === label).length;
    expect([count("grok"), count("memorize"), count("undecided")]).toEqual([50, 9, 41]);
  });

  it("the map has all of its 1,125 networks, and the classes of the published rule", () => {
    const runs = read("sparse-parity-sweep.rec");
    const declared = sweeps.find(({ name }) => name === "sparse-parity-sweep");
    const ids = declared ? expand(declared.sweep).runs.map(({ id }) => id) : [];
    expect(new Set(runs.map(({ plan: made }) => runId(made)))).toEqual(new Set(ids));
    const dots = runs.map(({ plan: made, verdict, extremes }) => ({ id: runId(made), plan: made, verdict, extremes }));
    const { grok, generalize, memorize, fail } = tallyOf(relabelled(dots, 1e-5, 5e4));
    expect({ grok, generalize, memorize, fail }).toEqual({ grok: 453, generalize: 156, memorize: 365, fail: 151 });
  });

  it("the small networks turn where the text says so", () => {
    const [back] = read("reverse-grokking.rec");
    const reversed = turns(back.evals);
    expect(reversed && reversed.high.loss / reversed.low.loss).toBeGreaterThan(2);
    const [again] = read("generalize-memorize-generalize.rec");
    const twice = turns(again.evals);
    expect(twice && twice.high.loss / twice.low.loss).toBeGreaterThan(1.5);
    expect(twice && twice.final.loss).toBeLessThan(twice?.high.loss ?? 0);
  });
});
