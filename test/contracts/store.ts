import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UsageError } from "../../src/options.ts";
import { BusyError } from "../../src/runs/errors.ts";
import { latestCheckpoint } from "../../src/runs/latest-checkpoint.ts";
import type { Store } from "../../src/runs/store.ts";
import type { Eval } from "../../src/train/eval.ts";
import { checkpointAt, evalAt, planOf, sweepOf, verdictOf } from "../store/samples.ts";

/** For another millisecond on what comes next. */
const later = () => new Promise((resolve) => setTimeout(resolve, 3));

/** What every store does, whatever it is kept in. @param open an empty store */
export function testStore(open: () => Promise<Store>): void {
  describe("a store", () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(async () => {
      await store.close();
    });

    it("is empty at first", async () => {
      expect(await store.list()).toEqual([]);
      expect(await store.find("a-s0")).toBeUndefined();
      expect(await store.evals("a-s0")).toEqual([]);
      expect(await store.checkpoints("a-s0")).toEqual([]);
    });

    it("makes a run of a claim, with its plan and who holds it", async () => {
      const claim = await store.claim("a-s0", planOf());
      expect(claim.id).toBe("a-s0");
      const found = await store.find("a-s0");
      expect(found).toMatchObject({ id: "a-s0", plan: planOf(), status: "running", step: 0, seconds: 0 });
      expect(found).toMatchObject({ heldBy: "this process" });
      expect(found!.software).toMatch(/^groklab \d/);
      expect(new Date(found!.createdAt).toISOString()).toBe(found!.createdAt);
      expect(found).not.toHaveProperty("last");
      expect(found).not.toHaveProperty("verdict");
    });

    it("gives evaluations back to the bit, NaN and infinities included, in order of step", async () => {
      const claim = await store.claim("a-s0", planOf());
      const odd: Eval = {
        step: 2,
        train: { loss: NaN, accuracy: -0 },
        test: { loss: Infinity, accuracy: 5e-324 },
        normL1: -Infinity,
        normL2: 0.1 + 0.2,
      };
      await store.append(claim, [evalAt(3), evalAt(1)]);
      await store.append(claim, [odd]);
      expect(await store.evals("a-s0")).toEqual([evalAt(1), odd, evalAt(3)]);
      expect((await store.find("a-s0"))!.last).toEqual(evalAt(3));
      await store.finish(claim, { status: "diverged", seconds: 1 });
      expect(await store.evals("a-s0")).toEqual([evalAt(1), odd, evalAt(3)]);
    });

    it("keeps NaN in the last evaluation of a list", async () => {
      const claim = await store.claim("a-s0", planOf());
      await store.append(claim, [evalAt(7, NaN)]);
      expect((await store.list())[0]).toMatchObject({ step: 7, last: { train: { loss: NaN }, normL1: 107 } });
    });

    it("replaces the evaluation of a step that is stored again", async () => {
      const claim = await store.claim("a-s0", planOf());
      await store.append(claim, [evalAt(0), evalAt(10), evalAt(20)]);
      await store.append(claim, [evalAt(10, 5)]);
      expect(await store.evals("a-s0")).toEqual([evalAt(0), evalAt(10, 5), evalAt(20)]);
      expect(await store.find("a-s0")).toMatchObject({ step: 20, last: evalAt(20) });
      await store.append(claim, [evalAt(20, 6)]);
      expect(await store.find("a-s0")).toMatchObject({ step: 20, last: evalAt(20, 6) });
    });

    it("takes no evaluations without complaint", async () => {
      const claim = await store.claim("a-s0", planOf());
      await store.append(claim, []);
      expect(await store.evals("a-s0")).toEqual([]);
    });

    it("lets nobody else claim a run that is held", async () => {
      const claim = await store.claim("a-s0", planOf());
      await expect(store.claim("a-s0", planOf())).rejects.toThrow(BusyError);
      await expect(store.claim("a-s0", planOf())).rejects.toThrow(
        "run a-s0 is being trained by this process; wait for it to end, or stop it",
      );
      await store.claim("b-s0", planOf());
      await store.release(claim);
      await store.claim("a-s0", planOf());
    });

    it("refuses a claim that was given back, for everything that writes", async () => {
      const claim = await store.claim("a-s0", planOf());
      await store.release(claim);
      const writes = [
        () => store.append(claim, [evalAt(0)]),
        () => store.saveCheckpoint(claim, checkpointAt(0)),
        () => store.saveResume(claim, checkpointAt(0)),
        () => store.finish(claim, { status: "finished", seconds: 1 }),
        () => store.release(claim),
      ];
      for (const write of writes) await expect(write()).rejects.toThrow(BusyError);
      expect(await store.evals("a-s0")).toEqual([]);
      expect(await store.find("a-s0")).toMatchObject({ status: "stopped", seconds: 0 });
    });

    it("goes on where a run was released, with all its evaluations", async () => {
      const first = await store.claim("a-s0", planOf());
      await store.append(first, [evalAt(0), evalAt(10)]);
      await store.release(first);
      expect(await store.find("a-s0")).not.toHaveProperty("heldBy");
      const second = await store.claim("a-s0", planOf());
      expect(await store.find("a-s0")).toMatchObject({ status: "running", step: 10 });
      await store.append(second, [evalAt(10, 2), evalAt(20)]);
      expect(await store.evals("a-s0")).toEqual([evalAt(0), evalAt(10, 2), evalAt(20)]);
    });

    it("writes the ending with verdict, hash and note, and adds up the seconds of all sittings", async () => {
      const first = await store.claim("a-s0", planOf());
      await store.finish(first, {
        status: "stopped",
        seconds: 1.5,
        note: "interrupted",
        verdict: verdictOf("undecided"),
      });
      expect(await store.find("a-s0")).toMatchObject({ status: "stopped", note: "interrupted", seconds: 1.5 });
      const second = await store.claim("a-s0", planOf());
      await store.finish(second, {
        status: "finished",
        seconds: 2,
        verdict: verdictOf("grok"),
        weightsHash: "sha256:00",
      });
      const found = (await store.find("a-s0"))!;
      expect(found).toMatchObject({ status: "finished", seconds: 3.5, weightsHash: "sha256:00" });
      expect(found.verdict).toEqual(verdictOf("grok"));
      expect(found).not.toHaveProperty("note");
      expect(found).not.toHaveProperty("heldBy");
    });

    it.each(["finished", "diverged"] as const)(
      "leaves a run %s when it is claimed and released again",
      async (status) => {
        await store.finish(await store.claim("a-s0", planOf()), { status, seconds: 1, verdict: verdictOf("grok") });
        await store.release(await store.claim("a-s0", planOf()));
        expect(await store.find("a-s0")).toMatchObject({ status, verdict: { label: "grok" } });
      },
    );

    it("keeps checkpoints to the bit, however the arrays change afterwards", async () => {
      const claim = await store.claim("a-s0", planOf());
      for (const step of [100, 0, 20]) {
        const checkpoint = checkpointAt(step);
        await store.saveCheckpoint(claim, checkpoint);
        checkpoint.params["embed.W_E"].data.fill(7);
      }
      expect(await store.checkpoints("a-s0")).toEqual([0, 20, 100]);
      const loaded = await store.loadCheckpoint("a-s0", 20);
      expect(loaded).toEqual(checkpointAt(20));
      loaded.params["embed.W_E"].data.fill(7);
      expect(await store.loadCheckpoint("a-s0", 20)).toEqual(checkpointAt(20));
    });

    it("keeps one checkpoint to go on from, apart from the Plan's, until the run is over", async () => {
      const claim = await store.claim("a-s0", planOf());
      expect(await store.loadResume("a-s0")).toBeUndefined();
      await store.append(claim, [evalAt(0), evalAt(10), evalAt(20)]);
      await store.saveCheckpoint(claim, checkpointAt(10));
      for (const step of [5, 20]) {
        const checkpoint = checkpointAt(step);
        await store.saveResume(claim, checkpoint);
        checkpoint.params["embed.W_E"].data.fill(7);
      }
      expect(await store.loadResume("a-s0")).toEqual(checkpointAt(20));
      expect(await store.checkpoints("a-s0")).toEqual([10]);
      expect(await latestCheckpoint(store, "a-s0")).toEqual(checkpointAt(20));
      await store.saveCheckpoint(claim, checkpointAt(30));
      expect(await latestCheckpoint(store, "a-s0")).toEqual(checkpointAt(30));
      await store.finish(claim, { status: "stopped", seconds: 1 });
      expect(await store.loadResume("a-s0")).toEqual(checkpointAt(20));
      const again = await store.claim("a-s0", planOf());
      await store.finish(again, { status: "finished", seconds: 1 });
      expect(await store.loadResume("a-s0")).toBeUndefined();
      expect(await store.checkpoints("a-s0")).toEqual([10, 30]);
    });

    it("names the steps that there are when a checkpoint is asked for that is not there", async () => {
      const claim = await store.claim("a-s0", planOf());
      await expect(store.loadCheckpoint("a-s0", 5)).rejects.toThrow(
        "run a-s0 has no checkpoint at step 5; stored: none",
      );
      await store.saveCheckpoint(claim, checkpointAt(10));
      await store.saveCheckpoint(claim, checkpointAt(9));
      await expect(store.loadCheckpoint("a-s0", 5)).rejects.toThrow("stored: 9, 10");
      await expect(store.loadCheckpoint("a-s0", 5)).rejects.toThrow(UsageError);
    });

    it("lists newest first, and what is asked for only", async () => {
      const names = [
        ["a-s0", "modular-addition", "factored"],
        ["b-s0", "sparse-parity", "bit-mlp"],
        ["c-s0", "modular-addition", "bit-mlp"],
      ] as const;
      for (const [id, task, model] of names) {
        const claim = await store.claim(id, planOf(0, task, model));
        if (id === "b-s0") await store.finish(claim, { status: "finished", seconds: 1, verdict: verdictOf("grok") });
        await later();
      }
      const ids = async (...query: Parameters<Store["list"]>) => (await store.list(...query)).map(({ id }) => id);
      expect(await ids()).toEqual(["c-s0", "b-s0", "a-s0"]);
      expect(await ids({ limit: 2 })).toEqual(["c-s0", "b-s0"]);
      expect(await ids({ task: "modular-addition" })).toEqual(["c-s0", "a-s0"]);
      expect(await ids({ task: "modular-addition", model: "bit-mlp" })).toEqual(["c-s0"]);
      expect(await ids({ status: "finished" })).toEqual(["b-s0"]);
      expect(await ids({ label: "grok" })).toEqual(["b-s0"]);
      expect(await ids({ label: "memorize" })).toEqual([]);
    });

    it("deletes a run with its curves and checkpoints, and nothing of any other", async () => {
      const claim = await store.claim("a-s0", planOf());
      const other = await store.claim("a-s01", planOf());
      for (const held of [claim, other]) {
        await store.append(held, [evalAt(0)]);
        await store.saveCheckpoint(held, checkpointAt(0));
      }
      await expect(store.delete("a-s0")).rejects.toThrow(BusyError);
      await store.release(claim);
      await store.delete("a-s0");
      expect(await store.find("a-s0")).toBeUndefined();
      expect(await store.evals("a-s0")).toEqual([]);
      expect(await store.checkpoints("a-s0")).toEqual([]);
      expect(await store.evals("a-s01")).toEqual([evalAt(0)]);
      expect(await store.checkpoints("a-s01")).toEqual([0]);
      const again = await store.claim("a-s0", planOf());
      expect(await store.evals("a-s0")).toEqual([]);
      await store.append(again, [evalAt(5)]);
      expect(await store.evals("a-s0")).toEqual([evalAt(5)]);
    });

    it("finds thousands of runs at once, in the order asked for, without those that are not there", async () => {
      const ids = Array.from({ length: 1203 }, (_, i) => `a-s${i}`);
      for (const i of [0, 7, 499, 500, 1202]) await store.release(await store.claim(`a-s${i}`, planOf(i)));
      await store.claim("a-s8", planOf(8));
      const found = await store.records([...ids].reverse());
      expect(found.map(({ id }) => id)).toEqual(["a-s1202", "a-s500", "a-s499", "a-s8", "a-s7", "a-s0"]);
      expect(found[0]).toEqual(await store.find("a-s1202"));
      expect(found[3]).toMatchObject({ status: "running", heldBy: "this process" });
      expect(await store.records([])).toEqual([]);
    });

    it("keeps sweeps: found by id or by name, the one started last first", async () => {
      expect(await store.listSweeps()).toEqual([]);
      expect(await store.findSweep("mine")).toBeUndefined();
      const first = await store.saveSweep(sweepOf("mine-1", [0]));
      expect(first).toMatchObject(sweepOf("mine-1", [0]));
      expect(new Date(first.createdAt).toISOString()).toBe(first.createdAt);
      await later();
      await store.saveSweep(sweepOf("mine-2", [0, 1]));
      await later();
      expect((await store.listSweeps()).map(({ id }) => id)).toEqual(["mine-2", "mine-1"]);
      expect(await store.findSweep("mine-1")).toEqual(first);
      expect(await store.findSweep("mine")).toMatchObject({ id: "mine-2", sweep: { seeds: [0, 1] } });
      const again = await store.saveSweep({ ...sweepOf("mine-1", [0]), command: "another", options: {} });
      expect(again).toMatchObject({ createdAt: first.createdAt, command: "another", options: {} });
      expect(again.updatedAt > first.updatedAt).toBe(true);
      expect(await store.findSweep("mine")).toEqual(again);
    });

    it("forgets a sweep and keeps its runs", async () => {
      await store.release(await store.claim("a-s0", planOf()));
      await store.saveSweep(sweepOf("mine-1", [0]));
      await store.deleteSweep("mine-1");
      await store.deleteSweep("mine-1");
      expect(await store.listSweeps()).toEqual([]);
      expect(await store.find("a-s0")).toBeDefined();
    });

    it.each(["", "../a", "a/b", ".hidden", "a b", "a\0", "x".repeat(201)])("refuses the id %j", async (id) => {
      await expect(store.claim(id, planOf())).rejects.toThrow(UsageError);
      await expect(store.checkpoints(id)).rejects.toThrow(UsageError);
      await expect(store.delete(id)).rejects.toThrow(UsageError);
      expect(await store.list()).toEqual([]);
    });
  });
}
