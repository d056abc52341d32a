import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DeclaredExperiment } from "../../verdict/declared.ts";
import { storeDiverged } from "../testing/diverged.ts";
import { Place } from "../testing/io.ts";

// Experiments of a fraction of a second, with claims that hold and one that does not.
vi.mock("../../../experiments/index.ts", async () => {
  const { tiny: experiment } = await import("../testing/tiny.ts");
  const { claim } = await import("../../verdict/index.ts");
  const holding = [claim.everAbove("train.accuracy", 0.1), claim.finalBelow("train.loss", 10)];
  const common = { source: "a test", minutes: 0.01, experiment };
  const experiments: DeclaredExperiment[] = [
    { ...common, name: "holding", claim: "It learns something", expected: holding },
    { ...common, name: "failing", claim: "It learns everything at once", expected: [...holding, claim.finalBelow("train.loss", -1)] },
  ]; // prettier-ignore
  return { experiments, sweeps: [] };
});

let place: Place;
beforeEach(() => {
  place = new Place();
});
afterEach(() => place.remove());

describe("groklab verify", () => {
  it("trains in a temporary store, prints each claim with what it found, and exits 0 where all hold", async () => {
    const { code, stdout, stderr } = await place.call(["verify", "holding"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^holding {2}It learns something \(about 1 s\)\n/);
    expect(stderr).toContain("step 200 of 200");
    expect(stdout).toMatch(
      /^holds +training accuracy .* 0\.1\n +found: .*\nholds +training loss .* 10\n +found: .*\nverdict +/m,
    );
    expect(stdout).toMatch(/^holding: all 2 claims hold \(trained 200 steps in \S+ s\)$/m);
    expect(existsSync(join(place.folder, ".groklab"))).toBe(false);
  });

  it("exits 1 where a claim does not hold, and names it", async () => {
    const { code, stdout } = await place.call(["verify", "failing"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^fails +training loss .* -1$/m);
    expect(stdout).toMatch(/^failing: 1 of 3 claims does not hold/m);
  });

  it("takes several names, or all, each once", async () => {
    const { code, stdout } = await place.call(["verify", "all", "holding"]);
    expect(code).toBe(1);
    expect(stdout.match(/^(holding|failing): /gm)).toEqual(["holding: ", "failing: "]);
    expect(stdout).toMatch(/^1 of 2 experiments do not hold$/m);
  });

  it("keeps the run with --store, and uses it the next time", async () => {
    await place.call(["verify", "holding", "--store", "kept"]);
    const { stdout, stderr } = await place.call(["verify", "holding", "--store", "kept"]);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^holding: all 2 claims hold \(stored run of \d{4}-\d\d-\d\d, not trained again\)$/m);
  });

  it("prints evaluations, claims and a summary as JSON", async () => {
    const { code, stdout } = await place.call(["verify", "failing", "--json"]);
    expect(code).toBe(1);
    const lines = stdout.trimEnd().split("\n").map((line) => JSON.parse(line) as { type: string; holds?: boolean }); // prettier-ignore
    expect(lines.filter(({ type }) => type === "eval")).toHaveLength(21);
    expect(lines.filter(({ type }) => type === "claim").map(({ holds }) => holds)).toEqual([true, true, false]);
    expect(lines.find(({ type }) => type === "claim")).toMatchObject({
      experiment: "failing",
      claim: expect.stringMatching(/^training accuracy .* 0\.1$/),
      expected: expect.stringMatching(/0\.1$/),
      found: expect.any(String),
    });
    expect(lines.at(-1)).toMatchObject({ type: "summary", experiment: "failing", holds: false, status: "finished" });
  });

  it("remembers of a stored run where it diverged", async () => {
    const { tiny } = await import("../testing/tiny.ts");
    await storeDiverged(place.folder, tiny, 25);
    const { code, stdout } = await place.call(["verify", "holding", "--json", "--store", ".groklab"]);
    expect(code).toBe(1);
    const summary = JSON.parse(stdout.trimEnd().split("\n").at(-1)!) as object;
    expect(summary).toMatchObject({ status: "diverged", verdict: { label: "diverged", divergedAt: 25 } });
  });

  it("leaves no temporary store behind, neither at its end nor at a second signal", async () => {
    vi.stubEnv("TMPDIR", place.folder).stubEnv("TEMP", place.folder).stubEnv("TMP", place.folder);
    const left = () => readdirSync(place.folder).filter((name) => name.startsWith("groklab-verify-"));
    const listening = process.listeners("exit");
    const seen: number[] = [];
    try {
      await place.call(["verify", "holding"]);
      expect(left()).toEqual([]);
      const { quits } = await place.call(["verify", "holding"], {
        signals: [
          ["step 70 of", "SIGINT"],
          ["once more", "SIGINT"],
        ],
        onQuit: (code) => {
          seen.push(left().length);
          for (const listen of process.listeners("exit")) if (!listening.includes(listen)) listen(code);
          seen.push(left().length);
        },
      });
      expect(quits).toEqual([130]);
    } finally {
      vi.unstubAllEnvs();
    }
    expect(seen).toEqual([1, 0]);
    expect(process.listeners("exit")).toEqual(listening);
  });

  it("says at a signal that nothing was shown, and exits 130", async () => {
    const { code, stdout, stderr } = await place.call(["verify", "all"], { signals: [["step 70 of", "SIGINT"]] });
    expect(code).toBe(130);
    expect(stdout).toBe("");
    expect(stderr.trimEnd().split("\n").at(-1)).toBe("groklab: verify holding: stopped at step 70; nothing is kept");
  });
});
