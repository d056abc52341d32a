import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeCheckpoint } from "../../src/runs/checkpoint-file.ts";
import { copyRuns, type CopyEnd } from "../../src/runs/copy.ts";
import type { Ending, Store } from "../../src/runs/store.ts";
import { checkpointAt, evalAt, planOf, verdictOf } from "../store/samples.ts";

type Made = readonly [id: string, ending: Ending | undefined, evals: number];
const finished: Ending = {
  status: "finished",
  seconds: 0.1 + 0.2,
  verdict: verdictOf("grok"),
  weightsHash: "sha256:0a",
};
const made: readonly Made[] = [
  ["a-s0", finished, 3],
  ["b-s0", { status: "diverged", seconds: 1e-9, note: "a loss was not finite at step 3" }, 4],
  ["c-s0", { status: "failed", seconds: 2, note: 'out of "memory" ä' }, 1],
  ["d-s0", { status: "stopped", seconds: 3, note: "interrupted at step 1" }, 2],
  ["e-s0", undefined, 0],
];

/** A run with evaluations, checkpoints at some of them, and one to go on from. */
async function store(to: Store, [id, ending, evals]: Made): Promise<void> {
  const claim = await to.claim(id, planOf());
  for (let step = 0; step < evals; step++) {
    await to.append(claim, [evalAt(step, step === 3 ? NaN : undefined)]);
    if (step % 2 === 0) await to.saveCheckpoint(claim, checkpointAt(step));
  }
  if (evals > 0) await to.saveResume(claim, checkpointAt(evals - 1));
  await (ending ? to.finish(claim, ending) : to.release(claim));
}

/** All that can be read of a run, checkpoints to the byte. */
async function whole(of: Store, id: string) {
  const files = [];
  for (const name of [...(await of.checkpoints(id)), "resume"] as const) {
    const file = await of.archive!.checkpoint(id, name);
    files.push([name, file && Buffer.from(encodeCheckpoint(file)).toString("base64")]);
  }
  return { record: await of.find(id), evals: await of.evals(id), files };
}

async function copy(from: Store, to: Store, ids?: readonly string[]): Promise<Record<string, CopyEnd["outcome"]>> {
  const ends: CopyEnd[] = [];
  const records = (await from.list()).filter(({ id }) => ids?.includes(id) ?? true);
  await copyRuns(from, to, records, { onRun: (end) => ends.push(end) });
  return Object.fromEntries(ends.map(({ id, outcome }) => [id, outcome]));
}

/** What copying from any store to any other does. @param open an empty one */
export function testCopy(openFrom: () => Promise<Store>, openTo: () => Promise<Store>): void {
  describe("copying runs", () => {
    let from: Store;
    let to: Store;
    beforeEach(async () => {
      [from, to] = [await openFrom(), await openTo()];
    });
    afterEach(async () => {
      await from.close();
      await to.close();
    });

    it("brings every run over, bit for bit, and finds them there the next time", async () => {
      for (const run of made) await store(from, run);
      const copied = Object.fromEntries(made.map(([id]) => [id, "copied"]));
      expect(await copy(from, to)).toEqual(copied);
      for (const [id] of made) expect(await whole(to, id)).toEqual(await whole(from, id));
      expect(await to.list()).toEqual(await from.list());
      expect(Object.values(await copy(from, to))).toEqual(made.map(() => "there"));
      expect(Object.values(await copy(to, from))).toEqual(made.map(() => "there"));
    });

    it("goes on after a copy that was cut off, at any of its writes", async () => {
      await store(from, made[3]);
      const { archive } = to;
      for (const cut of ["keepCheckpoint", "keepRun"] as const) {
        let writes = 0;
        const broken: Store = {
          ...to,
          archive: {
            ...archive!,
            [cut]: (...args: readonly unknown[]) => {
              // A killed process cleans up nothing.
              if (cut === "keepRun" || ++writes === 2) throw new Error("killed");
              return (archive!.keepCheckpoint as (...all: readonly unknown[]) => Promise<void>)(...args);
            },
          },
          delete: () => Promise.reject(new Error("killed")),
        };
        expect(await copy(from, broken)).toEqual({ "d-s0": "failed" });
        expect(await to.find("d-s0")).toMatchObject({ status: "stopped", step: 0 });
      }
      expect(await copy(from, to)).toEqual({ "d-s0": "copied" });
      expect(await whole(to, "d-s0")).toEqual(await whole(from, "d-s0"));
    });

    it("brings an earlier state up to date, and leaves a later one", async () => {
      await store(from, made[3]);
      await copy(from, to);
      const early = await whole(to, "d-s0");
      const claim = await from.claim("d-s0", planOf());
      await from.append(claim, [evalAt(2), evalAt(3)]);
      await from.finish(claim, finished);
      expect(await copy(to, from)).toEqual({ "d-s0": "there" });
      expect(await copy(from, to)).toEqual({ "d-s0": "updated" });
      expect(await whole(to, "d-s0")).toEqual(await whole(from, "d-s0"));
      expect(await whole(to, "d-s0")).not.toEqual(early);
    });

    it("overwrites no other run of the same plan", async () => {
      await store(from, ["a-s0", finished, 3]);
      await store(to, ["a-s0", { ...finished, weightsHash: "sha256:0b" }, 3]);
      const before = await whole(to, "a-s0");
      expect(await copy(from, to)).toEqual({ "a-s0": "different" });
      expect(await whole(to, "a-s0")).toEqual(before);
    });

    it("takes a run that ended in the same bits in both places for the same", async () => {
      await store(from, ["a-s0", finished, 3]);
      await store(to, ["a-s0", { ...finished, seconds: 9 }, 3]);
      expect(await copy(from, to)).toEqual({ "a-s0": "there" });
      expect(await to.find("a-s0")).toMatchObject({ seconds: 9 });
    });

    it("leaves alone what is being trained, here or there, or begins to be", async () => {
      for (const id of ["here-s0", "there-s0", "soon-s0"]) await store(from, [id, undefined, 1]);
      await from.claim("here-s0", planOf());
      await to.claim("there-s0", planOf());
      const { archive } = from;
      const moving: Store = {
        ...from,
        archive: {
          ...archive!,
          async checkpoint(id, name) {
            if (id === "soon-s0" && name === "resume") await from.claim(id, planOf());
            return archive!.checkpoint(id, name);
          },
        },
      };
      expect(await copy(moving, to)).toEqual({ "here-s0": "held", "there-s0": "held", "soon-s0": "held" });
      expect(await to.find("here-s0")).toBeUndefined();
      expect(await to.find("soon-s0")).toBeUndefined();
      expect(await to.evals("there-s0")).toEqual([]);
    });

    it("remembers sweeps with their dates, and forgets nothing of those it knows", async () => {
      const sweep = { base: planOf() as never, axes: [], seeds: [0] };
      const known = await from.saveSweep({ id: "s-1", name: "s", sweep, command: "x", policy: "pair", options: {} });
      await new Promise((resolve) => setTimeout(resolve, 5));
      await to.archive!.keepSweep(known);
      expect(await to.listSweeps()).toEqual([known]);
      await to.archive!.keepSweep({ ...known, command: "other" });
      expect(await to.listSweeps()).toEqual([known]);
    });
  });
}
