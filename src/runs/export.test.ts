import { parquetReadObjects } from "hyparquet";
import { beforeAll, describe, expect, it } from "vitest";
import { checkpointAt, evalAt, planOf, verdictOf } from "../../test/store/samples.ts";
import { UsageError } from "../options.ts";
import { decodeNpz } from "../tensor/formats/npz.ts";
import { decodeSafetensors } from "../tensor/formats/safetensors.ts";
import { exportRuns } from "./export.ts";
import { memoryStore } from "./memory-store.ts";

const store = memoryStore();
beforeAll(async () => {
  const plans = [planOf(3), { ...planOf(4), optimizer: { name: "sgd", learningRate: 0.5, weightDecay: 1 } }];
  for (const [i, plan] of plans.entries()) {
    const claim = await store.claim(`r-s${plan.seed}`, plan);
    await store.append(claim, [evalAt(0), evalAt(10, i === 0 ? NaN : Infinity)]);
    await store.saveCheckpoint(claim, checkpointAt(10));
    await store.finish(claim, { status: "finished", seconds: 1, verdict: verdictOf("grok") });
  }
});

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const parquet = async (ids: string[]) => {
  const bytes = await exportRuns(store, ids, "parquet");
  return parquetReadObjects({ file: bytes.slice().buffer });
};

describe("exportRuns", () => {
  it("writes one run's curves as csv, NaN by its name", async () => {
    expect(text(await exportRuns(store, ["r-s3"], "csv"))).toBe(
      "run,seed,step,trainLoss,trainAccuracy,testLoss,testAccuracy,normL1,normL2\n" +
        "r-s3,3,0,1,0.25,3,0.125,100,10.5\n" +
        "r-s3,3,10,NaN,0.25,NaN,0.125,110,10.5\n",
    );
  });

  it("gives several runs a column for each option, empty where a run has none, quoted where it must be", async () => {
    const [header, first, , , last] = text(await exportRuns(store, ["r-s3", "r-s4"], "csv")).split(/\n(?=r|$)/);
    expect(header).toContain("run,seed,task,task.p,task.note,task.ordered,split.trainFraction,model,model.widths");
    expect(header).toContain("optimizer,optimizer.weightDecay,optimizer.learningRate,training.steps,step,");
    expect(first).toContain(
      'r-s3,3,modular-addition,7,"ä ""quoted"" \n line",true,0.4,factored,"4,5",adamw,1e-7,,100,0,',
    );
    expect(last).toContain(",sgd,1,0.5,100,10,Infinity,0.25,Infinity,");
  });

  it("writes parquet with typed columns: whole numbers, floats with NaN, booleans, text, nothing", async () => {
    const rows = await parquet(["r-s3", "r-s4"]);
    expect(rows).toHaveLength(4);
    expect(rows[1]).toMatchObject({ run: "r-s3", seed: 3n, step: 10n, trainLoss: NaN, "task.ordered": true });
    expect(rows[1]).toMatchObject({ "task.p": 7n, "optimizer.weightDecay": 1e-7, "optimizer.learningRate": null });
    expect(rows[3]).toMatchObject({ "optimizer.weightDecay": 1, "optimizer.learningRate": 0.5, trainLoss: Infinity });
    const [one] = await parquet(["r-s3"]);
    expect(one).toEqual({
      ...{ run: "r-s3", seed: 3n, step: 0n, trainLoss: 1, trainAccuracy: 0.25, testLoss: 3, testAccuracy: 0.125 },
      ...{ normL1: 100, normL2: 10.5 },
    });
  });

  it("gives further measures a column each, empty where an evaluation has none", async () => {
    const other = memoryStore();
    const claim = await other.claim("r-s3", planOf(3));
    await other.append(claim, [evalAt(0), { ...evalAt(10), measures: { "test.accuracy.PP": 0.5, gradientNorm: NaN } }]);
    const [header, first, second] = text(await exportRuns(other, ["r-s3"], "csv")).split("\n");
    expect(header).toMatch(/,normL2,test\.accuracy\.PP,gradientNorm$/);
    expect(first).toMatch(/,10\.5,,$/);
    expect(second).toMatch(/,10\.5,0\.5,NaN$/);
    const bytes = await exportRuns(other, ["r-s3"], "parquet");
    const [none, some] = await parquetReadObjects({ file: bytes.slice().buffer });
    expect([none["gradientNorm"], some["gradientNorm"], some["test.accuracy.PP"]]).toEqual([null, NaN, 0.5]);
    expect(text(await exportRuns(other, ["r-s3"], "json"))).toContain('"gradientNorm": "NaN"');
  });

  it("knows no published names but a transformer's, and none of curves", async () => {
    const asked = (format: "csv" | "npz") => exportRuns(store, ["r-s3"], format, { publishedNames: true });
    await expect(asked("csv")).rejects.toThrow("--published-names: csv holds curves; give npz or safetensors");
    await expect(asked("npz")).rejects.toThrow(/nothing else has its names/);
  });

  it("writes json with what is known of the run, and its curves", async () => {
    const [run] = JSON.parse(text(await exportRuns(store, ["r-s3"], "json"))) as unknown[];
    expect(run).toMatchObject({ id: "r-s3", plan: planOf(3), status: "finished", verdict: { label: "grok" } });
    expect(run).toMatchObject({ evals: [evalAt(0), { step: 10, train: { loss: "NaN", accuracy: 0.25 } }] });
  });

  it("writes the weights of one run under their own names, of several below their ids", async () => {
    const { params } = checkpointAt(10);
    expect(decodeNpz(await exportRuns(store, ["r-s3"], "npz"))).toEqual(params);
    const file = decodeSafetensors(await exportRuns(store, ["r-s3"], "safetensors"));
    expect(file).toEqual({ arrays: params, metadata: { run: "r-s3", step: "10", plan: JSON.stringify(planOf(3)) } });
    const both = decodeSafetensors(await exportRuns(store, ["r-s3", "r-s4"], "safetensors"));
    expect(Object.keys(both.arrays).sort()).toEqual(["r-s3/embed.W_E", "r-s4/embed.W_E"]);
    expect(both.metadata).toMatchObject({ run: '["r-s3","r-s4"]', step: "[10,10]" });
  });

  it("says which run is not there, and which has no weights", async () => {
    await store.release(await store.claim("empty-s0", planOf()));
    await expect(exportRuns(store, ["x-s0"], "csv")).rejects.toThrow("run x-s0 is not in the store memory:");
    await expect(exportRuns(store, ["empty-s0"], "npz")).rejects.toThrow("run empty-s0 has no checkpoint yet");
    await expect(exportRuns(store, [], "csv")).rejects.toThrow(UsageError);
    expect(text(await exportRuns(store, ["empty-s0"], "csv"))).toMatch(/^run,seed,step,[^\n]*\n$/);
    expect(await parquet(["empty-s0"])).toEqual([]);
  });

  it("tells whose checkpoint of which step the weights are", async () => {
    const told: unknown[] = [];
    const onStep = (...used: unknown[]) => told.push(used);
    await exportRuns(store, ["r-s3", "r-s4"], "npz", { onStep });
    await exportRuns(store, ["r-s3"], "safetensors", { step: 10, onStep });
    await exportRuns(store, ["r-s3"], "csv", { onStep });
    expect(told).toEqual([
      [10, "r-s3"],
      [10, "r-s4"],
      [10, "r-s3"],
    ]);
  });
});
