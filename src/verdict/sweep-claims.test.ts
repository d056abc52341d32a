import { describe, expect, it } from "vitest";
import { planted } from "../../test/planted/sweeps.ts";
import {
  agree,
  bestIs,
  checkSweepClaims,
  claimedPolicies,
  inOrder,
  lawBetween,
  medianBetween,
  shareBetween,
  totalBetween,
  type SweepClaim,
} from "./sweep-claims.ts";
import type { SweptRun } from "./sweep-table.ts";

/** Three weight decays, three seeds: .01 memorizes, .1 groks but for one seed, 1 groks sooner. */
const runs: readonly SweptRun[] = [0, 1, 2].flatMap((seed) => [
  planted({ "optimizer.weightDecay": 0.01 }, seed, "memorize"),
  planted(
    { "optimizer.weightDecay": 0.1 },
    seed,
    seed === 2 ? "memorize" : { label: "grok", fitStep: 500, generalizeStep: 8000 + 1000 * seed },
  ),
  planted({ "optimizer.weightDecay": 1 }, seed, { label: "grok", fitStep: 500, generalizeStep: 1400 + 100 * seed }),
]);
const check = (claim: SweepClaim, of: readonly SweptRun[] = runs) => checkSweepClaims([claim], { runs: of })[0];

describe("what a sweep claims", () => {
  it("a share of labels in cells", () => {
    expect(check(shareBetween("grok", { weightDecay: [0.1, 1] }, 0.8, 1))).toEqual({
      claim: "the share of grok at weightDecay 0.1 or 1 lies in 80 % to 100 %",
      expected: "lies in 80 % to 100 %",
      holds: true,
      found: "83.3 % (5 of 6)",
    });
    expect(check(shareBetween("grok", {}, 0.8, 1)).holds).toBe(false);
    expect(check(shareBetween(["grok", "memorize"], {}, 1, 1)).holds).toBe(true);
  });

  it("a number of runs, its ends included", () => {
    expect(check(totalBetween("memorize", {}, 4, 4))).toMatchObject({ holds: true, found: "4 of 9" });
    expect(check(totalBetween("memorize", {}, 0, 3)).holds).toBe(false);
  });

  it("seeds that agree in every setting, with the exceptions named", () => {
    expect(check(agree("grok", { weightDecay: [0.1, 1] }, 3))).toMatchObject({
      holds: false,
      found: "1 of 2 settings; 2 of 3 at weightDecay 0.1",
    });
    expect(check(agree("grok", { weightDecay: [0.1, 1] }, 3, { exceptions: 1 })).holds).toBe(true);
    expect(check(agree("grok", { weightDecay: [0.1, 1] }, 2)).holds).toBe(true);
  });

  it("which value is best, and an order", () => {
    expect(check(bestIs("generalized", "weightDecay", 1))).toMatchObject({
      holds: true,
      found: "1: 100 %, 0.1: 66.7 %, 0.01: 0 %",
    });
    expect(check(bestIs("generalizeStep", "weightDecay", 0.1))).toMatchObject({
      holds: false,
      found: "1: 1,500, 0.1: 9,000, 0.01: open",
    });
    expect(check(inOrder("generalized", "weightDecay", [1, 0.1, 0.01])).holds).toBe(true);
    expect(check(inOrder("generalized", "weightDecay", [0.1, 1])).holds).toBe(false);
    expect(check(inOrder("generalized", "weightDecay", [1, 7])).holds).toBe(false);
  });

  it("a median time, which censoring can leave open", () => {
    expect(check(medianBetween("generalizeStep", { weightDecay: 1 }, 1000, 2000)).found).toBe(
      "1,500 (3 runs, 0 cut off)",
    );
    expect(check(medianBetween("generalizeStep", { weightDecay: 0.01 }, 0, 1e6)).holds).toBe(false);
  });

  it("a law with its error inside the range", () => {
    const law = check(lawBetween("delay", "weightDecay", -1.5, -0.5));
    expect(law.found).toMatch(/^-1\.\d+ ± 0\.\d+ \(5 runs, 4 cut off\)$/);
    expect(law.holds).toBe(true);
    expect(check(lawBetween("delay", "weightDecay", -0.9, -0.5)).holds).toBe(false);
    expect(check(lawBetween("delay", "weightDecay", -2, 0, { cells: { weightDecay: 1 } })).holds).toBe(false);
  });

  it("holds only when every run of its cells is there", () => {
    const open = planted({ "optimizer.weightDecay": 1 }, 3, null);
    expect(check(shareBetween("grok", { weightDecay: 1 }, 0, 1), [...runs, open])).toMatchObject({
      holds: false,
      found: "75 % (3 of 4); 1 run of 4 without a verdict",
    });
    expect(check(shareBetween("grok", { weightDecay: 7 }, 0, 1))).toMatchObject({ holds: false });
  });

  it("asks for the verdicts of the policy that it names", () => {
    const claim = totalBetween({ className: "Grokking" }, {}, 9, 9, { policy: "pair" });
    expect(claimedPolicies([claim, claim, agree("grok", {}, 1)])).toEqual(["pair"]);
    expect(() => check(claim)).toThrow(/pair/);
    const judged = runs.map((run) => ({ ...run, verdict: { ...run.verdict!, className: "Grokking" } }));
    expect(checkSweepClaims([claim], { runs, judgedBy: () => judged })[0]).toMatchObject({
      claim: 'the number of "Grokking" by pair is 9',
      holds: true,
    });
  });

  it("names what it does not know", () => {
    expect(() => check({ kind: "shar" } as unknown as SweepClaim)).toThrow(/did you mean "share"/);
    expect(() => check(shareBetween("grok", { wd: 1 }, 0, 1))).toThrow(/wd: no hyperparameter/);
    expect(() => shareBetween("grok", {}, 1, 0)).toThrow(/smaller end first/);
  });
});
