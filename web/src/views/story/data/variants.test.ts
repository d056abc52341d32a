import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { decodeRecordings } from "../../../../../src/runs/recording/decode.ts";
import { runId } from "../../../../../src/train/plan.ts";
import { formulaOf, generalizing, variantOf, withFormulas } from "./variants.ts";

const file = fileURLToPath(new URL("../../../../public/recordings/architecture-sweep.rec", import.meta.url));
const runs = decodeRecordings(readFileSync(file)).map(({ plan, verdict }) => ({ id: runId(plan), plan, verdict }));

it("counts what the chapter on constraints says of the shipped sweep", () => {
  expect(runs).toHaveLength(192);
  const whole = { embed: "tied", tiedHidden: true, collapsedHidden: false, collapsedOut: false };
  expect(generalizing(runs, whole)).toEqual({ generalized: 12, runs: 12 });
  const plain = { embed: "input-tied", collapsedHidden: true, collapsedOut: true };
  expect(generalizing(runs, plain)).toEqual({ generalized: 2, runs: 24 });
  expect(generalizing(runs, { ...plain, dMlp: 24 })).toEqual({ generalized: 0, runs: 12 });
});

it("names a network by its formula", () => {
  const main = { embed: "tied", tiedHidden: true, collapsedHidden: false, collapsedOut: false };
  expect(formulaOf(main)).toBe("EH → OEᵀ");
  expect(formulaOf({ ...main, tiedHidden: false, collapsedOut: true })).toBe("EH₁, EH₂ → Eᵀ");
  expect(formulaOf({ ...main, embed: "input-tied", collapsedHidden: true, collapsedOut: true })).toBe("E → U");
  for (const { plan } of runs) expect(formulaOf(variantOf(formulaOf(plan.model)) ?? {})).toBe(formulaOf(plan.model));
  expect(variantOf("E → E")).toBeUndefined();
  expect(new Set(withFormulas(runs).map(({ setting }) => setting?.["network"])).size).toBe(12);
});
