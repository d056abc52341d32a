import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { plan, runId } from "../../train/plan.ts";
import { storeDiverged } from "../testing/diverged.ts";
import { Place } from "../testing/io.ts";
import { tiny, tinyJson } from "../testing/tiny.ts";

let place: Place;
const id = runId(plan(tiny));
const other = runId(plan({ ...tiny, seed: 12 }));
beforeAll(async () => {
  place = new Place();
  place.file("tiny.json", tinyJson);
  await place.call(["run", "tiny.json"]);
  await place.call(["run", "tiny.json", "--seed", "12"]);
});
afterAll(() => place.remove());

describe("groklab show", () => {
  it("shows what was planned, what came of it, curves, and where the weights are", async () => {
    const { code, stdout, stderr } = await place.call(["show", id]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`^run +${id}$`, "m"));
    expect(stdout).toMatch(/^status +finished: 200 steps in /m);
    // Only what differs from the defaults.
    expect(stdout).toMatch(/^task +sparse-parity n=8 k=2 trainSize=40 testSize=40$/m);
    expect(stdout).toMatch(/^optimizer +adamw learningRate=0\.01$/m);
    expect(stdout).toMatch(/^training +steps=200 evalEvery=10 checkpointEvery=50$/m);
    expect(stdout).toMatch(/^verdict +\w+.*: /m);
    expect(stdout).toMatch(/^thresholds +enter=0\.95, /m);
    expect(stdout).toContain("accuracy  · train  ─ test\n   100 %│");
    expect(stdout).toContain("loss (nats)  · train  ─ test\n");
    expect(stdout).toMatch(/^ *step +train loss +accuracy +test loss +accuracy +L2 norm\n +0 .* start/m);
    expect(stdout).toMatch(/^weights +sha256:[0-9a-f]{64}$/m);
    expect(stdout).toMatch(/^checkpoints +5: steps 0, 50, 100, 150, 200$/m);
    expect(stdout.split("\n").every((line) => line.length <= 100)).toBe(true);
  });

  it("judges by the policy that is asked for", async () => {
    const { stdout } = await place.call(["show", id, "--policy", "pair"]);
    expect(stdout).toMatch(/policy pair,/);
  });

  it("remembers where a run diverged, though its evaluations do not show it", async () => {
    const elsewhere = new Place();
    elsewhere.file("tiny.json", tinyJson);
    await storeDiverged(elsewhere.folder, tiny, 25);
    for (const policy of ["accuracy", "pair"]) {
      for (const call of [
        ["show", id],
        ["run", "tiny.json"],
      ]) {
        const { stdout } = await elsewhere.call([...call, "--policy", policy, "--json"]);
        const summary = JSON.parse(stdout.trimEnd().split("\n").at(-1)!) as object;
        expect(summary).toMatchObject({ verdict: { policy, label: "diverged", divergedAt: 25 } });
      }
    }
    elsewhere.remove();
  });

  it("finds a run by the beginning of its id, and the newest as last", async () => {
    expect((await place.call(["show", other.slice(0, -1)])).stdout).toMatch(new RegExp(`^run +${other}$`, "m"));
    expect((await place.call(["show", "last"])).stdout).toMatch(new RegExp(`^run +${other}$`, "m"));
  });

  it("names the candidates of an ambiguous beginning, and the nearest of an unknown one", async () => {
    const ambiguous = await place.call(["show", "sparse"]);
    expect(ambiguous.code).toBe(2);
    expect(ambiguous.stderr).toBe(`groklab: several runs begin with "sparse": ${other}, ${id}; give more of the id\n`);
    const misspelt = await place.call(["show", id.replace("sparse", "spasre")]);
    expect(misspelt.stderr).toBe(
      `groklab: no run in .groklab is called "${id.replace("sparse", "spasre")}"; did you mean "${id}"?\n`,
    );
    const unknown = await place.call(["show", "x"]);
    expect(unknown.stderr).toBe('groklab: no run in .groklab is called "x"; groklab list runs shows what is stored\n');
  });

  it("prints everything as JSON, the same as run did", async () => {
    const ran = (await place.call(["run", "tiny.json", "--json"])).stdout.trimEnd().split("\n");
    const shown = (await place.call(["show", id, "--json"])).stdout.trimEnd().split("\n");
    expect(shown.slice(0, -1)).toEqual(ran.slice(0, -1));
    const parse = (lines: readonly string[]) => JSON.parse(lines.at(-1)!) as object;
    expect(parse(shown)).toEqual({ ...parse(ran), checkpoints: [0, 50, 100, 150, 200] });
  });
});

describe("groklab list", () => {
  it("gives an overview", async () => {
    const { stdout } = await place.call(["list"]);
    expect(stdout).toMatch(/^experiments +quick, /);
    expect(stdout).toMatch(/^tasks +modular-addition, /m);
    expect(stdout).toMatch(/^runs +2 in \.groklab$/m);
  });

  it("lists runs, newest first", async () => {
    const { stdout } = await place.call(["list", "runs"]);
    expect(stdout.split("\n").slice(1, 3).map((line) => line.split(" ")[0])).toEqual([other, id]); // prettier-ignore
    const limited = await place.call(["list", "runs", "--limit", "1"]);
    expect(limited.stdout).toContain("and 1 older run: --limit 0");
    const json = (await place.call(["list", "runs", "--json"])).stdout.trimEnd().split("\n");
    expect(json.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual([other, id]);
  });

  it.each(["tasks", "models", "optimizers", "policies", "options"])(
    "lists %s, one line each, and one of them with its options",
    async (kind) => {
      const lines = (await place.call(["list", kind])).stdout.trimEnd().split("\n");
      expect(lines[0]).toMatch(new RegExp(`^${kind} +options`));
      const name = lines[1].split(" ")[0];
      const { stdout } = await place.call(["list", kind, name]);
      expect(stdout).toMatch(new RegExp(`^${name}: `));
      expect(stdout).toMatch(/^option +default +meaning$/m);
      const json = (await place.call(["list", kind, name, "--json"])).stdout;
      expect(JSON.parse(json)).toMatchObject({ name, fields: expect.any(Object) });
    },
  );

  it("shows what an experiment sets and expects", async () => {
    const { stdout } = await place.call(["list", "experiments", "modular-addition"]);
    expect(stdout).toMatch(/^sets +task=modular-addition\n +task\.p=67$/m);
    expect(stdout).toMatch(/^expects +training loss at step 0 is 0\.0651884833 /m);
  });
});

describe("groklab", () => {
  it("alone says what to type first", async () => {
    const { code, stdout } = await place.call([]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^groklab \d+\.\d+\.\d+: .*\n\n {2}groklab run quick /);
  });

  it("called through npx says so in what to type", async () => {
    const { stdout } = await place.call([], { env: { npm_command: "exec" } });
    expect(stdout).toContain("  npx groklab run quick ");
  });

  it("prints its version and its help", async () => {
    expect((await place.call(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const help = await place.call(["run", "--help"]);
    expect(help.code).toBe(0);
    expect(help.stdout).toContain("--set <key=value>");
    expect(help.stdout).toContain("groklab run quick --set weightDecay=0");
    expect(help.stderr).toBe("");
  });
});
