import { describe, expect, it } from "vitest";
import { plain } from "./style.ts";
import { pairs, table } from "./table.ts";

describe("table", () => {
  const titles = [{ title: "name" }, { title: "n", align: "right" }, { title: "meaning" }] as const;

  it("aligns its columns", () => {
    const rows = [
      ["a", "1", "first"],
      ["long name", "100", "second"],
    ];
    expect(table(titles, rows, { style: plain })).toEqual([
      "name         n  meaning",
      "a            1  first",
      "long name  100  second",
    ]);
  });

  it("breaks the last column where the page is narrow", () => {
    const rows = [["a", "1", "words that do not fit on one line of the page"]];
    expect(table(titles, rows, { style: plain, columns: 34 })).toEqual([
      "name  n  meaning",
      "a     1  words that do not fit on",
      "         one line of the page",
    ]);
  });

  it("leaves out titles that are all empty", () => {
    expect(table([{ title: "" }, { title: "" }], [["a", "b"]], { style: plain })).toEqual(["a  b"]);
  });

  it("shows pairs under each other, values with lines of their own", () => {
    expect(pairs([["run", "x"], ["verdict", ["grok", "because"]]], plain)).toEqual([
      "run      x",
      "verdict  grok",
      "         because",
    ]); // prettier-ignore
  });

  it("breaks values between words, but not what is to be pasted", () => {
    const long = "a command of many words to be pasted";
    expect(pairs([["next", long], ["type", { verbatim: [long] }]], plain, 30)).toEqual([
      "next  a command of many words",
      "      to be pasted",
      `type  ${long}`,
    ]); // prettier-ignore
  });
});
