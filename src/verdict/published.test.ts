import { describe, expect, it } from "vitest";
import { publishedContext, publishedMain } from "../../test/planted/curves.ts";
import { judge, policies } from "./index.ts";

describe("the published main run", () => {
  it("groks, by every policy", () => {
    for (const { name } of policies) expect(judge(publishedMain(), publishedContext, name).label, name).toBe("grok");
    expect(judge(publishedMain(), publishedContext)).toMatchObject({
      fitStep: 500,
      generalizeStep: 40_500,
      robust: true,
    });
    expect(judge(publishedMain(), publishedContext, "pair")).toMatchObject({ className: "Grokking", robust: true });
  });

  it.each([2000, 3000, 5000, 10_000, 20_000, 30_000, 37_000])(
    "planned for %i steps only is undecided, not memorize",
    (end) => {
      const verdict = judge(publishedMain().filter((e) => e.step <= end), publishedContext); // prettier-ignore
      expect(verdict).toMatchObject({ label: "undecided", className: "censored", fitStep: 500, lastStep: end });
      expect(verdict.reasons.join()).toContain("test loss still falls");
    },
  );

  it("memorizes while its test loss rises", () => {
    const rising = publishedMain(50).filter((e) => e.step <= 1400);
    expect(judge(rising, publishedContext).label).toBe("memorize");
  });
});
