import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clipped, oneLine, padEnd, padStart, uncolored, width, wrapped } from "./text.ts";

describe("text", () => {
  it("has a width without its colors", () => {
    expect(width("\x1b[1mbold\x1b[22m ▁▂")).toBe(7);
    expect(uncolored("\x1b[31mred\x1b[39m")).toBe("red");
    expect(padEnd("\x1b[1mab\x1b[22m", 4)).toBe("\x1b[1mab\x1b[22m  ");
    expect(padStart("ab", 4)).toBe("  ab");
  });

  it("is cut with an ellipsis", () => {
    expect(clipped("abcdef", 4)).toBe("abc…");
    expect(clipped("abc", 3)).toBe("abc");
    expect(clipped("abc", 0)).toBe("");
  });

  it("breaks between words and loses none", () => {
    expect(wrapped("one two three four", 9)).toEqual(["one two", "three", "four"]);
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }),
        fc.integer({ min: 1, max: 30 }),
        (words, columns) => {
          const lines = wrapped(words.join(" "), columns);
          expect(lines.join(" ")).toBe(words.join(" "));
          expect(lines.every((line) => width(line) <= columns || !line.includes(" "))).toBe(true);
        },
      ),
    );
  });

  it("from outside cannot move the cursor or begin another line", () => {
    expect(oneLine("a\nb\t\x1b[2Jc\r\n")).toBe("a b ?[2Jc");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(oneLine(text)).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
