import { describe, expect, it } from "vitest";
import { random } from "../../rng.ts";
import { drawNew, objects, templates } from "./clause.ts";
import { questionRules } from "./heuristics.ts";
import { questionCorpus, questionVocabulary, type QuestionOptions } from "./question-sentences.ts";
import { wordsAt, type Sentences } from "./sentences.ts";
import { count, shares, zScore } from "./testing/counts.ts";

const published: QuestionOptions = {
  ...{ trainSize: 100_000, validationSize: 11_000, generalizationSize: 10_000 },
  ...{ mix: "as-released", declaratives: "all", disambiguating: 0, disambiguatingRule: "hierarchical", templates: 0 },
};
const small = { ...published, trainSize: 4000, validationSize: 400, generalizationSize: 400 };
const corpus = questionCorpus(published, random(1));
const { words } = questionVocabulary;
const lines = (sentences: Sentences): string[][] =>
  Array.from(sentences.constructions, (_, i) => wordsAt(sentences, i, words));
const halves = (line: readonly string[]) => {
  const stop = line.indexOf(".");
  return { input: line.slice(0, stop), tag: line[stop + 1], output: line.slice(stop + 2) };
};
const names = (sentences: Sentences) => count(Array.from(sentences.constructions, (c) => corpus.constructions[c]));

describe("the vocabulary", () => {
  it("has the published 68 words in order, after the pad word", () => {
    expect(words.length).toBe(69);
    expect(words.slice(1, 5)).toEqual([".", "?", "above", "accept"]);
    expect(words.slice(1)).toEqual(words.slice(1).sort());
  });
});

describe("the as-released mix", () => {
  it("has the cells of the released dev and test files", () => {
    // Tag and subject modifier by object: intransitive, NP, NP + PP, NP + SRCi, SRCt, ORC. Of 11,000 lines.
    const released: Readonly<Record<string, readonly number[]>> = {
      "quest pp": [348, 352, 350, 226, 117, 117],
      "decl pp": [373, 341, 372, 228, 127, 118],
      "decl srci": [104, 120, 128, 81, 41, 42],
      "decl srct": [115, 116, 111, 83, 38, 49],
      "decl orc": [216, 217, 248, 152, 86, 79],
      // Without their first cell, whose few sentences are mostly in training.
      "quest none": [NaN, 858, 915, 573, 286, 268],
      "decl none": [NaN, 850, 897, 581, 309, 303],
    };
    const found = names(corpus.validation);
    const far = Object.entries(released).flatMap(([row, cells]) =>
      cells.flatMap((cell, o) => {
        const name = `${row}/${objects[o]}`;
        return Math.abs(zScore(found.get(name) ?? 0, cell)) > 4 ? [[name, found.get(name), cell]] : [];
      }),
    );
    expect(far).toEqual([]);
    expect((found.get("quest none/intransitive") ?? 0) + (found.get("decl none/intransitive") ?? 0)).toBeLessThan(100);
  });

  it("has 40 % questions, lines of the published lengths, and no question about a subject with a relative clause", () => {
    for (const set of [corpus.train, corpus.validation]) {
      const tags = shares(Array.from(set.constructions, (c) => corpus.constructions[c].split(" ")[0]));
      expect(tags["quest"]).toBeCloseTo(0.405, 1.7);
      expect([...names(set).keys()].filter((name) => /^quest (src|orc)/.test(name))).toEqual([]);
    }
    const lengths = lines(corpus.validation).map((line) => line.length);
    expect(Math.min(...lengths)).toBe(11);
    expect(Math.max(...lengths)).toBe(35);
    expect(Math.abs(lengths.reduce((a, b) => a + b) / lengths.length / 22.45 - 1)).toBeLessThan(0.02);
  });

  it("gives relative and main auxiliary the same form in 36 to 38 % of declaratives with a relative clause on the subject", () => {
    const kept = lines(corpus.train)
      .map(halves)
      .filter(
        ({ input, tag }) => tag === "decl" && questionRules["move-main"](input) !== "" && /who|that/.test(input[2]),
      );
    const same = kept.filter(({ input }) => questionRules["move-first"](input) === questionRules["move-main"](input));
    expect(same.length / kept.length).toBeGreaterThan(0.355);
    expect(same.length / kept.length).toBeLessThan(0.385);
  });
});

describe("every line", () => {
  it("is a declarative, its tag, and the copy or the question", () => {
    for (const line of [...lines(corpus.train).slice(0, 5000), ...lines(corpus.generalization)]) {
      const { input, tag, output } = halves(line);
      if (tag === "decl") expect(output).toEqual([...input, "."]);
      else {
        const moved = questionRules["move-main"](input);
        const [front, ...rest] = output.slice(0, -1);
        expect(output.at(-1)).toBe("?");
        expect(front).toBe(moved);
        const main = input.findIndex((_, place) => [...input.slice(0, place), ...input.slice(place + 1)].join() === rest.join()); // prettier-ignore
        expect(input[main]).toBe(moved);
      }
    }
  });

  it("is of one set only, and of one tag", () => {
    const inputs = [corpus.train, corpus.validation, corpus.generalization].flatMap((set) =>
      lines(set).map((line) => halves(line).input.join(" ")),
    );
    expect(new Set(inputs).size).toBe(121_000);
  });
});

describe("the generalization set", () => {
  const found = lines(corpus.generalization).map(halves);
  const scoreOf = (rule: keyof typeof questionRules) =>
    found.filter(({ input, output }) => questionRules[rule](input) === output[0]).length / found.length;

  it("is all wrong for move-first, all right for move-main and move-last", () => {
    expect(scoreOf("move-first")).toBe(0);
    expect(scoreOf("move-main")).toBe(1);
    expect(scoreOf("move-last")).toBe(1);
  });

  it("has two auxiliaries of one number and opposite polarity, in balance", () => {
    const pairs = count(found.map(({ input }) => input.filter((word) => word.startsWith("do")).join(" ")));
    expect([...pairs.keys()].sort()).toEqual(["do don't", "does doesn't", "doesn't does", "don't do"]);
    for (const n of pairs.values()) expect(Math.abs(n - 2500)).toBeLessThan(200);
  });

  it("has the published constructions and lengths", () => {
    const byName = names(corpus.generalization);
    expect(byName.size).toBe(9);
    const sum = (part: RegExp) => [...byName].reduce((total, [name, n]) => total + (part.test(name) ? n : 0), 0);
    expect(sum(/ src/)).toBe(6667);
    expect(sum(/ orc/)).toBe(3333);
    expect(sum(/ srci/)).toBeGreaterThan(3100);
    expect(sum(/ srct/)).toBeGreaterThan(3100);
    for (const [part, n] of [
      [/intransitive/, 5921],
      [/\/none/, 2002],
      [/\/pp/, 2077],
    ] as const)
      // prettier-ignore
      expect(Math.abs(sum(part) - n)).toBeLessThan(200);
    const lengths = lines(corpus.generalization).map((line) => line.length);
    expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([17, 31]);
  });

  it("is the same whatever training is made of", () => {
    const other = questionCorpus({ ...small, declaratives: "none", trainSize: 300, disambiguating: 0.5 }, random(1));
    expect(other.generalization).toEqual(questionCorpus(small, random(1)).generalization);
  });
});

describe("the mix's switches", () => {
  const trained = (options: Partial<QuestionOptions>) => questionCorpus({ ...small, ...options }, random(2));

  it("follow the published weights, in which an object is missing as often as not", () => {
    const object = shares(Array.from(trained({ mix: "published-weights" }).train.constructions, (c) => c % 6));
    expect(object[0]).toBeGreaterThan(0.42);
    const subject = shares(
      Array.from(trained({ mix: "published-weights" }).train.constructions, (c) => Math.floor((c % 30) / 6)),
    );
    expect(subject[0] / subject[1]).toBeCloseTo(1, 0.5);
  });

  it("keep the declaratives that they name", () => {
    const kinds = (declaratives: QuestionOptions["declaratives"]) => [...names(trained({ declaratives }).train).keys()];
    expect(kinds("all").length).toBe(42);
    expect(kinds("none").filter((name) => name.startsWith("decl"))).toEqual([]);
    expect(kinds("center-embedded").filter((name) => /^decl (none|pp)/.test(name))).toEqual([]);
    expect(kinds("center-embedded").filter((name) => name.startsWith("decl")).length).toBe(18);
    const right = kinds("right-branching").filter((name) => name.startsWith("decl"));
    expect(right.every((name) => /decl (none|pp)\/(srci|srct|orc)/.test(name))).toBe(true);
    expect(right.length).toBe(6);
  });

  it("add sentences on which the rules differ, formed by either rule", () => {
    for (const disambiguatingRule of ["hierarchical", "linear"] as const) {
      const { train } = trained({ disambiguating: 0.1, disambiguatingRule });
      const telling = lines(train)
        .map(halves)
        .filter(({ input, tag }) => tag === "quest" && questionRules["move-first"](input) !== questionRules["move-main"](input)); // prettier-ignore
      expect(telling.length).toBe(400);
      const rule = disambiguatingRule === "linear" ? "move-first" : "move-main";
      expect(telling.every(({ input, output }) => questionRules[rule](input) === output[0])).toBe(true);
    }
  });

  it("keep as many constructions as asked, and refuse more than there are", () => {
    expect(names(trained({ templates: 7 }).train).size).toBe(7);
    expect(() => trained({ templates: 43 })).toThrow("task.templates: 43 is not allowed; these options leave 42");
    expect(templates.length).toBe(30);
  });

  it("begin a larger training set with the smaller one", () => {
    const larger = trained({ trainSize: 5000 }).train;
    const smaller = trained({}).train;
    expect(larger.tokens.slice(0, smaller.tokens.length)).toEqual(smaller.tokens);
  });
});

it("says when the sentences run out", () => {
  const shortest = { subject: [1, 0, 0, 0, 0], object: [1, 0, 0, 0, 0, 0] };
  const seen = new Set<number>();
  const draw = () => drawNew(random(1).stream("test"), shortest, 2, seen, () => true);
  const stream = random(1).stream("test");
  for (let i = 0; i < 6 * 26 * 9 * 2; i++) drawNew(stream, shortest, 2, seen, () => true);
  expect(seen.size).toBe(2808);
  expect(draw).toThrow(/too few different sentences/);
});
