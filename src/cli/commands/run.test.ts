import Libsql from "libsql";
import { readdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../../runs/open-store.ts";
import { join } from "node:path";
import { plan, runId } from "../../train/plan.ts";
import { Place } from "../testing/io.ts";
import { tiny, tinyJson } from "../testing/tiny.ts";

let place: Place;
beforeEach(() => {
  place = new Place();
  place.file("tiny.json", tinyJson);
});
afterEach(() => place.remove());

interface Line {
  readonly type: string;
  readonly step?: number;
  readonly weightsHash?: string;
  readonly status?: string;
}
const lines = (stdout: string): readonly Line[] => stdout.trimEnd().split("\n").map((line) => JSON.parse(line) as Line); // prettier-ignore
const id = runId(plan(tiny));

describe("groklab run", () => {
  it("alone lists the experiments with their time and claim", async () => {
    const { code, stdout, stderr } = await place.call(["run"]);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^experiment +takes +claim\nquick +\d+ s {2}\S/);
    expect(stdout).toMatch(/^modular-addition +\S+ min/m);
    expect(readdirSync(place.folder)).toEqual(["tiny.json"]);
  });

  it("trains, says what came of it and what to type next", async () => {
    const { code, stdout, stderr } = await place.call(["run", "tiny.json"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^verdict +\w+/m);
    expect(stdout).toMatch(/^trained +200 steps in /m);
    expect(stdout).toMatch(/^weights +sha256:[0-9a-f]{64}$/m);
    expect(stdout).toMatch(new RegExp(`^run +${id} in \\.groklab$`, "m"));
    expect(stdout).toContain(`groklab show ${id}`);
    expect(stdout).toContain("groklab run tiny.json --seed 1");
    expect(stderr).toContain("40 examples to train on, 40 to test on; 200 steps in float32; Ctrl-C saves and stops\n");
    // About every 5 %, and the last.
    expect(stderr.match(/^step /gm)!.length).toBeGreaterThanOrEqual(20);
    expect(stderr.match(/^step /gm)!.length).toBeLessThanOrEqual(30);
    expect(stderr + stdout).not.toContain("\x1b");
  });

  it("prints the whole run as lines of JSON", async () => {
    const { code, stdout } = await place.call(["run", "tiny.json", "--json"]);
    expect(code).toBe(0);
    const all = lines(stdout);
    expect(all.slice(0, -1).map(({ type, step }) => [type, step])).toEqual(
      Array.from({ length: 21 }, (_, i) => ["eval", 10 * i]),
    );
    expect(all[0]).toEqual({
      type: "eval",
      step: 0,
      train: { loss: expect.any(Number), accuracy: expect.any(Number) },
      test: { loss: expect.any(Number), accuracy: expect.any(Number) },
      normL1: expect.any(Number),
      normL2: expect.any(Number),
    });
    expect(all.at(-1)).toMatchObject({
      type: "summary",
      id,
      status: "finished",
      steps: 200,
      verdict: { policy: "accuracy", label: expect.any(String) },
      weightsHash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      store: ".groklab",
      plan: plan(tiny),
    });
  });

  it("asked again says so, prints the same, and trains nothing", async () => {
    const first = await place.call(["run", "tiny.json", "--json"]);
    const again = await place.call(["run", "tiny.json", "--json"]);
    expect(again.stdout).toBe(first.stdout);
    expect(again.stderr).toBe("");
    const words = await place.call(["run", "tiny.json"]);
    expect(words.stdout).toMatch(
      /^before +finished on \d{4}-\d\d-\d\d, not trained again \(--fresh trains it anew\)$/m,
    );
    expect(words.stdout).toMatch(/^verdict /m);
    expect(words.stderr).toBe("");
  });

  it("trains anew with --fresh, to the same bits", async () => {
    const first = lines((await place.call(["run", "tiny.json", "--json"])).stdout).at(-1)!;
    const { stdout, stderr } = await place.call(["run", "tiny.json", "--json", "--fresh"]);
    expect(stderr).toContain("step 200 of 200");
    expect(lines(stdout).at(-1)!.weightsHash).toBe(first.weightsHash);
  });

  it("trains anew with --fresh where the stored row is broken", async () => {
    await place.call(["run", "tiny.json"]);
    const database = new Libsql(join(place.folder, ".groklab", "groklab.db"));
    database.exec("update runs set plan = '{half'");
    database.close();
    expect((await place.call(["run", "tiny.json"])).code).toBe(1);
    const { code, stderr } = await place.call(["run", "tiny.json", "--fresh"]);
    expect(code).toBe(0);
    expect(stderr).toContain("step 200 of 200");
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)(
    "%s saves, says how to continue, and exits %i; continued, it ends in the same bits",
    async (signal, code) => {
      const whole = lines((await place.call(["run", "tiny.json", "--json", "--store", "other"])).stdout);
      const cut = await place.call(["run", "tiny.json"], { signals: [["step 70 of", signal]] });
      expect(cut.code).toBe(code);
      expect(cut.quits).toEqual([]);
      expect(cut.stdout).toContain(`stopped   at step 70 of 200: asked to stop (${signal}); everything is saved\n`);
      expect(cut.stdout).toMatch(/^continue +groklab run tiny\.json$/m);
      const rest = await place.call(["run", "tiny.json", "--json"]);
      expect(rest.code).toBe(0);
      expect(rest.stderr).not.toContain("step 60 of");
      const evals = lines(rest.stdout);
      expect(evals.slice(0, -1)).toEqual(whole.slice(0, -1));
      expect(evals.at(-1)!.weightsHash).toBe(whole.at(-1)!.weightsHash);
    },
  );

  it("leaves at once at a second signal", async () => {
    const { quits } = await place.call(["run", "tiny.json"], {
      signals: [
        ["step 70 of", "SIGINT"],
        ["once more", "SIGINT"],
      ],
    });
    expect(quits).toEqual([130]);
  });

  it("stops when a condition has held, and continues to the same bits", async () => {
    const whole = lines((await place.call(["run", "tiny.json", "--json", "--store", "other"])).stdout).at(-1)!;
    const cut = await place.call(["run", "tiny.json", "--until", "train.accuracy>=0.2", "--hold", "4"]);
    expect(cut.code).toBe(0);
    expect(cut.stdout).toContain(
      "stopped   at step 30 of 200: train.accuracy >= 0.2 since step 0, 4 evaluations in a row; everything is saved\n",
    );
    const rest = await place.call(["run", "tiny.json", "--json"]);
    expect(lines(rest.stdout).at(-1)).toMatchObject({ status: "finished", weightsHash: whole.weightsHash });
  });

  it("stops when its time is over", async () => {
    // The clock of these tests moves on by a millisecond at each look.
    const { code, stdout } = await place.call(["run", "tiny.json", "--stop-after", "0.1"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^stopped +at step \d+ of 200: the time limit of 0\.1 s is over; everything is saved$/m);
  });

  it("stopped between two evaluations, names the step from which it continues", async () => {
    const { stdout } = await place.call(["run", "tiny.json", "--stop-after", "0.095"]);
    const [, step] = /^stopped +at step (\d+) of 200/m.exec(stdout)!;
    expect(Number(step) % 10).not.toBe(0);
    expect(stdout).toMatch(new RegExp(`^trained +${step} steps in `, "m"));
    const { stderr } = await place.call(["run", "tiny.json"]);
    expect(stderr).toContain(`continues from step ${step};`);
  });

  it("draws a block in place on a terminal", async () => {
    const { stderr } = await place.call(["run", "tiny.json"], { tty: true, columns: 80 });
    expect(stderr).toContain("\r\x1b[1A\x1b[J");
    // eslint-disable-next-line no-control-regex -- what a terminal gets
    const shown = stderr.replace(/\x1b\[[\d;]*m/g, "");
    expect(shown).toMatch(/step 200 of 200 .* left {2}\S.*\ntrain .* test .*\n$/);
  });

  it("draws nothing on a dumb terminal, and paints nothing with NO_COLOR", async () => {
    const dumb = await place.call(["run", "tiny.json"], { tty: true, env: { TERM: "dumb" } });
    expect(dumb.stderr + dumb.stdout).not.toContain("\x1b");
    const plain = await place.call(["run", "tiny.json", "--seed", "2"], { tty: true, env: { NO_COLOR: "1" } });
    // eslint-disable-next-line no-control-regex -- what a terminal gets
    expect(plain.stderr + plain.stdout).not.toMatch(/\x1b\[[\d;]*m/);
  });

  it("continues by a command that names its changes, quoted for a shell", async () => {
    place.file("my run.json", tinyJson);
    const args = [
      "run",
      "my run.json",
      "--set",
      "weightDecay=0",
      "--set",
      "training.precision=float64",
      "--steps",
      "100",
      "--seed",
      "4",
    ];
    const { stdout } = await place.call([...args, "--store", "kept here"], { signals: [["step 50 of", "SIGINT"]] });
    expect(stdout).toContain(
      "continue  groklab run 'my run.json' --set weightDecay=0 --set training.precision=float64 --steps 100 --seed 4 --store 'kept here'\n",
    );
  });

  it("keeps a diverging run, and exits 1 with what to try", async () => {
    const wild = ["optimizer=sgd", "learningRate=1000", "weightDecay=1000"].flatMap((set) => ["--set", set]);
    const { code, stdout, stderr } = await place.call(["run", "tiny.json", ...wild]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^verdict +diverged/m);
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(
      /^groklab: diverged: the loss was no longer .*try a smaller learningRate/,
    );
    expect((await place.call(["list", "runs"])).stdout).toContain("diverged");
  });

  it("refuses a run that another process trains", async () => {
    const store = await openStore(join(place.folder, ".groklab"));
    const claim = await store.claim(id, plan(tiny));
    const { code, stdout, stderr } = await place.call(["run", "tiny.json"]);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: "",
      stderr: `groklab: run ${id} is being trained by this process; wait for it to end, or stop it\n`,
    });
    await store.release(claim);
    await store.close();
  });

  it("takes a task's data from a file", async () => {
    place.file("xor.csv", "a,b,answer\n" + [..."0123"].flatMap((a) => [..."0123"].map((b) => `${a},${b},${Number(a) ^ Number(b)}`)).join("\n")); // prettier-ignore
    const args = [
      "--set",
      "task=dataset",
      "--data",
      "xor.csv",
      "--set",
      "model=factored",
      "--set",
      "dModel=8",
      "--set",
      "dMlp=8",
    ];
    const { code, stderr } = await place.call(["run", "tiny.json", ...args]);
    expect(stderr).toContain("6 examples to train on, 10 to test on");
    expect(code).toBe(0);
  });
});
