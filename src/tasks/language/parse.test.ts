import { expect, it } from "vitest";
import { templateOfWords } from "./constructions.ts";
import { templates } from "./clause.ts";
import { parse, type Tree } from "./parse.ts";

const shown = (text: string): string => {
  const words = text.split(" ");
  const show = (tree: Tree): string => (typeof tree === "number" ? words[tree] : `(${show(tree[0])} ${show(tree[1])})`);
  return show(parse(words).tree);
};

it("gives the published trees", () => {
  expect(shown("the peacocks who do comfort her xylophone don't remember our raven")).toBe(
    "(((the peacocks) (who (do (comfort (her xylophone))))) (don't (remember (our raven))))",
  );
  expect(shown("the newt that some unicorn does applaud doesn't giggle")).toBe(
    "(((the newt) (that ((some unicorn) (does applaud)))) (doesn't giggle))",
  );
  expect(shown("your zebra who slept smiled")).toBe("(((your zebra) (who slept)) smiled)");
  expect(shown("my quail near the yaks admires her newts")).toBe(
    "(((my quail) (near (the yaks))) (admires (her newts)))",
  );
});

it("finds subject, main verb, verbs and nouns", () => {
  const words = "the yaks that some unicorn entertained applauded her salamanders below some walrus".split(" ");
  expect(parse(words)).toMatchObject({ subject: 1, main: 6, finite: [5, 6], nouns: [1, 4, 8, 11] });
});

it("knows the template of a sentence", () => {
  const template = (text: string) => templates[templateOfWords(text.split(" "))];
  expect(template("my raven that doesn't sleep does change")).toBe("srci/intransitive");
  expect(template("the yaks that some unicorn entertained applauded her salamanders below some walrus")).toBe("orc/pp");
  expect(template("your walrus who changed amused her vultures who high_fived the yaks")).toBe("srci/srct");
  expect(template("your walrus near my yak amused her vultures")).toBe("pp/none");
});

it("parses clauses inside clauses", () => {
  expect(shown("the newt who the yak that the quail admires amuses sleeps")).toBe(
    "(((the newt) (who (((the yak) (that ((the quail) admires))) amuses))) sleeps)",
  );
});

it("names the word where a sentence leaves the grammar", () => {
  expect(() => parse(["the", "newt", "the"])).toThrow('word 3: expected a verb, found "the"');
  expect(() => parse(["the", "newt"])).toThrow("word 3: expected a verb, found the end");
  expect(() => parse("the newt sleeps near my yak".split(" "))).toThrow('word 4: expected the end, found "near"');
});
