import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { publishedContext, publishedMain } from "../../test/planted/curves.ts";
import { judge, labels, policies, type Verdict } from "./index.ts";

const page = readFileSync(new URL("../../docs/verdicts.md", import.meta.url), "utf8");
const section = (title: string): string => page.split(/^## /m).find((text) => text.startsWith(title)) ?? "";
/** Rows of the tables of a section, without head and rule. */
const rows = (title: string): string[][] =>
  section(title)
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    ) // prettier-ignore
    .slice(2);
const told = (verdict: Verdict): string =>
  [`${verdict.label}, robust: ${verdict.robust}`, ...verdict.reasons].join("\n");

describe("docs/verdicts.md", () => {
  it("has every threshold of every policy, with its default and meaning", () => {
    const declared = policies.flatMap(
      ({ name, fields }) =>
      Object.entries(fields).map(([field, { default: value, help }]) => [`\`${name}\``, `\`${field}\``, `${value as number}`, help]), // prettier-ignore
    );
    expect(rows("Thresholds")).toEqual(declared);
  });

  it("has every policy with its source and a section, and every label", () => {
    expect(rows("Sources")).toEqual(policies.map(({ name, source }) => [`\`${name}\``, source]));
    for (const { name } of policies) expect(section("The policies")).toContain(`\n### ${name}\n`);
    for (const label of labels) expect(page).toContain(`\n| \`${label}\` |`);
  });

  it("shows what the code says of the published main run", () => {
    const example = section("An example");
    expect(example).toContain(`\`\`\`text\n${told(judge(publishedMain(), publishedContext))}\n\`\`\``);
    const early = publishedMain().filter((e) => e.step <= 10_000);
    expect(example).toContain(`\`\`\`text\n${told(judge(early, publishedContext))}\n\`\`\``);
  });
});
