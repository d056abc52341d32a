import { describe, expect, it } from "vitest";
import { explainLanguage, type LanguageExplanation } from "../../analyses/language/explain-language.ts";
import { languageReader } from "../../analyses/language/language-model.ts";
import type { RuleLabel, RuleScore } from "../../analyses/language/rule.ts";
import { exportArrays } from "../../tensor/index.ts";
import { malformed } from "../../../test/contracts/figure.ts";
import type { Eval } from "../../train/eval.ts";
import type { Plan } from "../../train/experiment.ts";
import { plan } from "../../train/plan.ts";
import { train } from "../../train/train.ts";
import { judge } from "../../verdict/index.ts";
import { trajectory } from "../../verdict/trajectory.ts";
import { constructionWords } from "./construction-words.ts";
import { languageReport, type LanguageReportOptions } from "./language.ts";

const hostile = `<img src="x" onerror="alert(1)">&`;

/** An untrained network's explanation, in which single parts are planted below. */
function explained(task: { readonly name: string } & Readonly<Record<string, unknown>>) {
  const made = plan({
    task: { trainSize: 300, validationSize: 40, generalizationSize: 40, ...task },
    model: { name: "transformer", dModel: 16, nLayers: 2, nHeads: 2, mlpRatio: 1 },
    optimizer: { name: "adamw", learningRate: 3e-3 },
    training: { steps: 1, evalEvery: 1, checkpointEvery: 1 },
  });
  const moments = Array.from(train(made), ({ step, params }) => ({ step, weights: exportArrays(params) }));
  const [first, last] = [moments[0], moments[moments.length - 1]];
  const sizes = { sentences: 12, courseSentences: 5, pairs: 30, headPairs: 10 };
  return { made, explanation: explainLanguage(languageReader(made), last, evals, [first], sizes) };
}

/** In-domain from step 300 on; on the generalization set first at 600, then down, and up again to the end. */
const evals: readonly Eval[] = Array.from({ length: 40 }, (_, i) => ({
  step: 100 * i,
  train: { loss: i < 3 ? 2 : 0.1, accuracy: i < 3 ? 0.3 : 1 },
  test: { loss: 1, accuracy: i === 6 ? 0.875 : i < 30 ? 0.25 : 0.9375 },
  normL1: 1,
  normL2: 1,
}));
const verdict = judge(evals, { chance: 0.25, numClasses: 4, lossUnit: "nats", finished: true });

const score = (label: RuleLabel, preference: number): RuleScore => ({
  ...{ pairs: 200, preference, label, margin: 10 * preference - 5 },
  ...{ hierarchical: preference, linear: 1 - preference },
});
const planted = (of: LanguageExplanation): LanguageExplanation => ({
  ...of,
  generalization: trajectory(evals),
  inDomain: trajectory(evals, { series: (e) => e.train.accuracy }),
  heads: [{ layer: 1, head: 0, margin: -1.5, hierarchical: -0.1, linear: 0.1 }],
  rule: {
    ...score("hierarchical", 0.85),
    constructions: [
      { name: "srci/none", ...score("hierarchical", 1) },
      { name: "orc/none", ...score("mixed", 0.5) },
      { name: "orc/pp", ...score("linear", 0.125) },
    ],
  },
});

const { made, explanation } = explained({ name: "question-formation" });
const options = (of: Plan): LanguageReportOptions => ({
  ...{ name: "qf-s0", headline: "It follows the hierarchical rule", plan: of, chance: 0.25 },
  run: { step: 3900, verdict },
  commands: ["groklab run question-formation-small", "groklab explain last --out report"],
  differences: [["task", "question-formation trainSize=300"]],
  files: ["rule.json"],
});
const page = languageReport({ explanation: planted(explanation), evals }, options(made));

/** The part of the page that is markup alone: without the style sheet, the doctype and void elements of HTML. */
const markup = (html: string): string =>
  html.replace(/^<!doctype html>\n/, "").replace(/<(meta|br)[^>]*>/g, "").replace(/<style>[\s\S]*?<\/style>/, "").replace(/&#39;/g, "'"); // prettier-ignore
const sectionOf = (html: string, id: string): string =>
  new RegExp(`<section id="${id}">[\\s\\S]*?</section>`).exec(html)?.[0] ?? "";
const idsOf = (html: string): readonly string[] => Array.from(html.matchAll(/<section id="([^"]+)"/g), ([, id]) => id);

describe("report of a language model", () => {
  it("is one whole, self-contained page that tells its story in order, each part linked from the top", () => {
    expect(malformed(markup(page))).toBe("");
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object|<script|@import|url\(|<ul><\/ul>/);
    const addresses = Array.from(page.matchAll(/\b(?:href|src)="([^"]*)"/g), ([, address]) => address);
    expect(addresses).toEqual(idsOf(page).map((id) => `#${id}`));
    expect(idsOf(page)).toEqual(["setting", "history", "rule", "heads", "trees", "early-stopping", "unexplained", "again"]); // prettier-ignore
    expect(page.length).toBeLessThan(2_000_000);
  });

  it("begins with the facts: the verdict with its steps, the rule, and how far generalization came", () => {
    const facts = Object.fromEntries(Array.from(page.matchAll(/<dt>([^<]+)<\/dt><dd>([^<]+)<\/dd>/g), ([, name, value]) => [name, value])); // prettier-ignore
    expect(verdict.fitStep).toBe(300);
    expect(facts).toEqual({
      "what the run did": verdict.label,
      "fitted at step": "300",
      "generalized at step": verdict.generalizeStep?.toLocaleString("en-US") ?? "never",
      "rule it follows": "tree",
      "prefers the tree rule": "85 %",
      "in-domain, last": "100 %",
      "generalization 80 % first at step": "600",
      "generalization, greatest": "93.8 %",
      "generalization, last": "93.8 %",
    });
    expect(page).toContain("2 of 3 constructions come out another way");
  });

  it("shows what it was trained on: sizes, a sentence of each kind, the two rules and where they differ", () => {
    const setting = sectionOf(page, "setting");
    const { kinds, generalization } = explanation.sets;
    for (const { example } of kinds) expect(setting).toContain(example.join(" "));
    expect(setting).toContain("<td>question; plain subject</td>");
    expect(setting).toContain('<td>trained on</td><td class="number">300</td>');
    expect(setting).toContain("the first auxiliary of the sentence moves to the front");
    expect(setting).toMatch(/In-domain they give different answers to 0 of \d+ questions, on the generalization set to \d+ of 40/); // prettier-ignore
    for (const { differ, example } of generalization.groups) {
      if (differ !== 0) expect(setting).toContain(`${example?.before.slice(-6).join(" ")}</code>`); // prettier-ignore
    }
    expect(setting).toContain("2 layers of width 16 with 2 attention heads");
  });

  it("says what is not explained: constructions without the tree rule, each with its number, and no others", () => {
    const open = sectionOf(page, "unexplained");
    expect(open).toMatch(/Why in orc\/none [^<]*it follows neither rule throughout: [^<]*50 % of 200 pairs/);
    expect(open).toMatch(/Why in orc\/pp [^<]*it follows the linear rule, move-first: [^<]*12\.5 % of 200 pairs/);
    expect(open).not.toContain("srci/none");
    expect(open).toContain("falls below 80 % again: it first reached that at step 600");
    expect(open).toContain("Taking out layer 1, head 0");
  });

  it("ends with the command and the Plan in full", () => {
    const again = sectionOf(page, "again");
    expect(again).toContain("<pre>groklab run question-formation-small\ngroklab explain last --out report</pre>");
    expect(again).toContain("<code>question-formation trainSize=300</code>");
    const keys = (["task", "split", "model", "optimizer", "training"] as const).flatMap((part) => Object.keys(made[part])); // prettier-ignore
    for (const key of [...keys, "rule.json"]) expect(again).toContain(`<code>${key}</code>`);
    expect(again).toContain(`<td>seed</td><td></td><td><code>${made.seed}</code></td>`);
  });

  it("escapes every name and every word", () => {
    const { sets, example, rule, ...rest } = planted(explanation);
    const asked = { before: [hostile], answer: hostile, linear: hostile, hierarchical: hostile };
    const group = { name: hostile, questions: 2, differ: 1, example: asked };
    const whole = languageReport(
      {
        explanation: {
          ...{ ...rest, example: example && { ...example, words: example.words.map(() => hostile) } },
          rule: rule && { ...rule, constructions: rule.constructions.map((row) => ({ ...row, name: hostile })) },
          sets: {
            ...sets,
            kinds: [{ name: hostile, sentences: 3, example: [hostile] }],
            generalization: { ...sets.generalization, groups: [group] },
          },
        },
        evals,
      },
      {
        ...options({ ...made, task: { ...made.task, disambiguating: 0.1, disambiguatingRule: hostile, lines: hostile } }),
        ...{ name: hostile, headline: hostile, commands: [hostile], differences: [[hostile, hostile]], files: [hostile] },
      },
    ); // prettier-ignore
    expect(malformed(markup(whole))).toBe("");
    expect(whole).not.toContain("<img");
    expect(whole.split("&lt;img").length).toBeGreaterThan(15);
  });

  it("of weights from elsewhere has neither history nor plan, and names what was left out of the file", () => {
    const { run: _run, differences: _differences, ...others } = options(made);
    const of = { ...planted(explanation), generalization: trajectory(evals.slice(0, 1)), stops: [] };
    const whole = languageReport({ explanation: of, evals: evals.slice(0, 1) }, { ...others, notes: [`left out: ${hostile}`] }); // prettier-ignore
    expect(idsOf(whole)).toEqual(["setting", "measured", "rule", "heads", "trees", "unexplained", "again"]);
    expect(whole).toContain("how they were trained is not known here");
    expect(whole).toContain("<li>left out: &lt;img");
    expect(whole).not.toMatch(/NaN|undefined|Infinity|The plan in full|<img|trained on|below 80 % again/);
    expect(malformed(markup(whole))).toBe("");
  });

  it("of brackets tells of no rules", () => {
    const dyck = explained({ name: "dyck", k: 3, m: 4, closers: 50 });
    const whole = languageReport({ explanation: dyck.explanation, evals }, options(dyck.made));
    expect(idsOf(whole)).not.toContain("rule");
    expect(whole).toContain("balanced brackets of 3 types, at most 4 open at once");
    expect(whole).toContain("By what rule it answers: dyck has no two rules to tell apart");
    expect(whole).not.toMatch(/NaN|undefined|Infinity|tree rule<\/dt>|rules differ\./);
    expect(malformed(markup(whole))).toBe("");
  });
});

describe("constructions in words", () => {
  it.each([
    ["quest pp", "question; prepositional phrase on the subject"],
    ["orc/intransitive", "object relative clause on the subject; no object"],
    ["PRESENT none", "into the present; plain subject"],
    ["none", "plain subject"],
    ["all", "all"],
    ["constructor", "constructor"],
    ["", "string of brackets"],
  ])("%j", (name, words) => {
    expect(constructionWords(name)).toBe(words);
  });
});
