import { describe, expect, it } from "vitest";
import { resolve, type DataField, type Value, maxDataLength } from "../../options.ts";
import { random } from "../../rng.ts";
import { agreement } from "../agreement.ts";
import { dyck } from "../dyck.ts";
import { questionFormation } from "../question-formation.ts";
import { countOf, sequenceAt } from "../sequences.ts";
import type { TaskDefinition } from "../task.ts";
import { tenseInflection } from "../tense-inflection.ts";

const sizes = { trainSize: 200, validationSize: 40, generalizationSize: 40 };
const read = (task: TaskDefinition, content: string, file: string): string =>
  (task.fields["lines"] as DataField).read(content, file);
function build(task: TaskDefinition, options: Record<string, Value>) {
  const { inputs } = task.build(resolve(task.fields, { ...sizes, ...options }, "task"), random(1));
  if (inputs.kind !== "sequences") throw new Error("sequences expected");
  return inputs;
}

const train = `our tyrannosaurus doesn't comfort my yaks who some yak does high_five . quest\tdoesn't our tyrannosaurus comfort my yaks who some yak does high_five ?
the walrus doesn't move . decl\tthe walrus doesn't move .
`;
const gen = "my raven that doesn't sleep does change . quest\tdoes my raven that doesn't sleep change ?\n";

describe("files of lines", () => {
  it("take the place of the drawn set that their name tells", () => {
    const inputs = build(questionFormation, { lines: read(questionFormation, train, "question.train") });
    expect(countOf(inputs.train)).toBe(2);
    expect(Array.from(sequenceAt(inputs.train, 1), (t) => inputs.words[t]).join(" ")).toBe(
      "the walrus doesn't move . decl the walrus doesn't move .",
    );
    expect(countOf(inputs.generalization.sequences)).toBe(40);
  });

  it("can be several, one for each set", () => {
    const lines = [read(questionFormation, train, "question.train"), read(questionFormation, gen, "data/question.gen")];
    const { generalization } = build(questionFormation, { lines: lines.join("\n") });
    expect(countOf(generalization.sequences)).toBe(1);
    expect(generalization.probes.groups?.names).toEqual(["srci/intransitive"]);
    expect(() => build(questionFormation, { lines: [lines[0], lines[0]].join("\n") })).toThrow(
      "task.lines: two files for train; give one",
    );
  });

  it("share no sentence with each other, and none with what is drawn", () => {
    const both = [read(questionFormation, gen, "a.train"), read(questionFormation, gen, "a.gen")].join("\n");
    expect(() => build(questionFormation, { lines: both })).toThrow(
      "line 1 of the generalization file is in the train file, too",
    );
  });

  it("stay within a Plan's limit at the published sizes", () => {
    const coded = read(questionFormation, train, "question.train");
    const words = train.trim().split(/\s+/).length;
    expect(coded.length).toBe("train:\n".length + words + 1);
    // 100,000 lines of 22.45 words and a line break; of brackets 200,000 lines of 50 words, 20,000 of 13.3 and of 116.5.
    expect(100_000 * 23.45).toBeLessThan(maxDataLength);
    expect(200_000 * 51 + 20_000 * (14.3 + 117.5)).toBeLessThan(maxDataLength);
  });

  it("of tense inflection, agreement and brackets load as well", () => {
    const tense = "our zebra below the vultures changed . PRESENT\tour zebra below the vultures changes .\n";
    expect(countOf(build(tenseInflection, { lines: read(tenseInflection, tense, "tense.gen") }).generalization.sequences)).toBe(1); // prettier-ignore
    const simple = "our zebra below the vultures changes .\nthe newts admire my yak .";
    expect(countOf(build(agreement, { lines: read(agreement, simple, "x.train.txt") }).train)).toBe(2);
    const strings = "(h h) (j j) (q (n (r r) n) q) (r r) END\n(m (h (f f) h) m)\n";
    const inputs = build(dyck, { lines: read(dyck, strings, "dyck.val"), trainSize: 2000 });
    expect(Array.from(sequenceAt(inputs.validation.sequences, 1), (t) => inputs.words[t]).join(" ")).toBe(
      "(m (h (f f) h) m)",
    );
    expect(() => build(dyck, { lines: read(dyck, strings, "dyck.val"), k: 3, trainSize: 2000 })).toThrow(
      "task.lines: more types of brackets than task.k, which is 3",
    );
  });
});

describe("a malformed line is named with its cause", () => {
  const wrong = (line: string, task = questionFormation, file = "x.train") =>
    expect(() => read(task, `${task === questionFormation ? train : ""}${line}\n`, file));

  it.each([
    ["the newt does sleep . decl the newt does sleep .", "x.train, line 3: no tab; give one, between input and output"],
    ["a\tb\tc", "x.train, line 3: 2 tabs; give one"],
    ["", "x.train, line 3: it is empty"],
    ["the  newt does sleep . decl\tthe newt does sleep .", "x.train, line 3: two spaces in a row"],
    [
      "the newtt does sleep . decl\tthe newt does sleep .",
      'x.train, line 3: unknown word "newtt"; did you mean "newt"?',
    ],
    ["the newt does sleep decl\tthe newt does sleep .", "x.train, line 3: no full stop before decl"],
    [
      "the newt does sleep .\tthe newt does sleep .",
      "x.train, line 3: the last word before the tab is not quest or decl",
    ],
    ["the newt does sleep . quest\tdoes the newt sleep .", 'x.train, line 3: what follows the tab does not end in "?"'],
    ["the newt does sleep . quest\tthe newt does sleep ?", "x.train, line 3: a question begins with one of does"],
    ["the does sleep . decl\tthe does sleep .", 'x.train, line 3: word 2: expected a noun, found "does"'],
  ])("%j", (line, message) => {
    wrong(line).toThrow(message);
  });

  it("of the other tasks, too", () => {
    wrong("our zebra changed . FUTURE\tour zebra changes .", tenseInflection).toThrow(/line 1: unknown word "FUTURE"/);
    wrong("our zebra changed . PRESENT\tour zebra changed .", tenseInflection).toThrow(
      'line 1: "changed" is no verb in the present',
    );
    wrong("(a (b a) b)", dyck).toThrow("line 1: bracket 3 closes what is not open");
    wrong("(a a) (b", dyck).toThrow("line 1: 1 brackets are never closed");
    wrong("our zebra changes", agreement).toThrow("line 1: no full stop at the end");
  });

  it("and a name that tells no set", () => {
    expect(() => read(questionFormation, train, "question.txt")).toThrow(
      /end its name in \.train, \.val, \.dev or \.gen/,
    );
    expect(() => read(questionFormation, train, "question.test")).toThrow(/rename it to \.val or \.gen/);
    expect(() => build(questionFormation, { lines: "x" })).toThrow(/is not from a file of lines/);
  });
});
