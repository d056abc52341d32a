import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../runs/open-store.ts";
import { sweepClaim, type SweepClaim } from "../../verdict/index.ts";
import { here } from "../../workers/pool.ts";
import { session } from "../session.ts";
import { Place } from "../testing/io.ts";
import { storeTinySweep, tinySweep } from "../testing/tiny-sweep.ts";
import { verifySweep } from "./verify-sweep.ts";

const { shareBetween, totalBetween } = sweepClaim;
let place: Place;
beforeAll(async () => {
  place = new Place();
  await storeTinySweep(place.folder);
});
afterAll(() => place.remove());

/** What `verify` prints of the tiny sweep, declared with these claims. */
async function verified(expected: readonly SweepClaim[], json = false) {
  let text = "";
  const output = {
    isTTY: false,
    columns: undefined,
    write: (chunk: string | Uint8Array) => void (text += String(chunk)),
  };
  const quiet = { ...output, write: () => undefined };
  const io = { stdout: output, stderr: quiet, env: {}, cwd: place.folder, now: () => 0, onSignal: () => () => true, quit: () => undefined }; // prettier-ignore
  const store = await openStore(join(place.folder, ".groklab"));
  const declared = { name: "tiny", claim: "it runs", source: "a test", minutes: 0, sweep: tinySweep, expected };
  try {
    const holds = await verifySweep(
      session(["verify", "tiny"], io),
      store,
      declared,
      { json },
      { workers: 1, start: here },
    );
    return { holds, text };
  } finally {
    await store.close();
  }
}

describe("groklab verify <sweep>", () => {
  it("trains what is missing, shows the table, and says of each claim whether it holds", async () => {
    const good = await verified([totalBetween(["grok", "generalize", "memorize", "fail", "undecided"], {}, 12, 12)]);
    expect(good.holds).toBe(true);
    expect(good.text).toMatch(/^dMlp +weightDecay /m);
    expect(good.text).toMatch(/^holds +the number of grok or .* is 12$/m);
    expect(good.text).toMatch(/^tiny: all 1 claim hold \(12 runs\)$/m);
    const bad = await verified([shareBetween("diverged", { dMlp: 4 }, 0.5, 1)]);
    expect(bad.holds).toBe(false);
    expect(bad.text).toMatch(
      /^fails +the share of diverged at dMlp 4 lies in 50 % to 100 %\n +found: 0 % \(0 of 6\)$/m,
    );
  });

  it("judges by the policy that a claim names", async () => {
    const { text } = await verified(
      [totalBetween({ className: "High Train Loss" }, {}, 0, 12, { policy: "pair" })],
      true,
    );
    const [claim, summary] = text.trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore
    expect(claim).toMatchObject({ type: "claim", sweep: "tiny", holds: true });
    expect(summary).toMatchObject({ type: "summary", holds: true, total: { n: 12 } });
  });
});
