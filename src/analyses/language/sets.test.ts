import { describe, expect, it } from "vitest";
import { plan } from "../../train/plan.ts";
import { languageReader } from "./language-model.ts";
import { languageSets } from "./sets.ts";

const sizes = { trainSize: 600, validationSize: 60, generalizationSize: 90 };
const setsOf = (task: { readonly name: string } & Readonly<Record<string, unknown>>) => {
  const made = plan({ task: { ...task, ...sizes }, model: { name: "transformer" }, optimizer: { name: "adamw" } });
  return languageSets(languageReader(made).inputs, task.name);
};
const sum = (of: readonly { readonly sentences?: number; readonly questions?: number }[]): number =>
  of.reduce((total, { sentences = 0, questions = 0 }) => total + sentences + questions, 0);

describe("the sets of a language task", () => {
  it("of question formation: questions are trained on without, copies with a relative clause on the subject", () => {
    const { kinds, validation, generalization, ...sets } = setsOf({ name: "question-formation" });
    expect([sets.trainSentences, sum(kinds), sum(validation.groups), sum(generalization.groups)]).toEqual([600, 600, 60 - copies(validation), 90]); // prettier-ignore
    expect(kinds.map(({ name }) => name).sort()).toEqual(["decl none", "decl orc", "decl pp", "decl srci", "decl srct", "quest none", "quest pp"]); // prettier-ignore
    for (const { name, example } of kinds) expect(example[example.indexOf(".") + 1]).toBe(name.split(" ")[0]);
    expect(validation.differ).toBe(0);
    expect(generalization.differ).toBeGreaterThan(30);
    for (const { name, differ, example } of generalization.groups) {
      if (differ === 0) continue;
      expect(example?.linear, name).not.toBe(example?.hierarchical);
      expect(example?.answer, name).toBe(example?.hierarchical);
      expect(example?.before.at(-1)).toBe("quest");
      // The linear rule's is the first auxiliary that it reads.
      expect(example?.linear).toBe(example?.before.find((word) => /^(do|does|don't|doesn't)$/.test(word)));
    }
  });

  it("with sentences that tell the rules apart, names those among what it was trained on", () => {
    const { kinds } = setsOf({ name: "question-formation", disambiguating: 0.5 });
    expect(kinds.some(({ name }) => name === "quest orc")).toBe(true);
  });

  it("of agreement: every question of the generalization set tells the rules apart", () => {
    const { kinds, validation, generalization } = setsOf({ name: "agreement" });
    expect(kinds.every(({ name }) => /^(none|pp|srci|srct|orc)$/.test(name))).toBe(true);
    expect([validation.differ, generalization.differ]).toEqual([0, generalization.questions]);
  });

  it("of brackets: one kind, and no two rules", () => {
    const { kinds, generalization } = setsOf({ name: "dyck", k: 3, m: 4, closers: 50 });
    expect(kinds.map(({ name, sentences }) => [name, sentences])).toEqual([["", 600]]);
    // The string that reaches 50 is the last one that is asked about, to its end.
    expect(generalization.differ).toBe(null);
    expect(generalization.questions).toBeGreaterThanOrEqual(50);
    expect(sum(generalization.groups)).toBe(generalization.questions);
    expect(generalization.groups[0].example).toMatchObject({ linear: null, hierarchical: null });
  });
});

/** Of the in-domain sentences those that are copied are not asked about. */
const copies = ({ sentences, questions }: { readonly sentences: number; readonly questions: number }): number =>
  sentences - questions;
