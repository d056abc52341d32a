import type { LanguageExplanation } from "../../analyses/language/explain-language.ts";
import { rulesOfTask } from "../../analyses/language/rule.ts";
import type { Eval } from "../../train/eval.ts";
import type { Plan } from "../../train/experiment.ts";
import type { Verdict } from "../../verdict/index.ts";
import { attentionMaps } from "../language/attention-maps.ts";
import { sentenceTrees } from "../language/sentence-trees.ts";
import { structurePanels } from "../language/structure-panels.ts";
import { again } from "./again.ts";
import { constructionWords } from "./construction-words.ts";
import { figure, paragraph, percent, section, table, text, whole, type Html } from "./html.ts";
import { languageHistory } from "./language-history.ts";
import { languageSetting } from "./language-setting.ts";
import { languageFacts, languageLead } from "./language-summary.ts";
import { languageUnexplained } from "./language-unexplained.ts";
import { page } from "./page.ts";

export interface LanguageReportOptions {
  /** What the run is called. */
  readonly name: string;
  /** One sentence: the rule it follows. */
  readonly headline: string;
  readonly plan: Plan;
  /** Step of the checkpoint and what the run did; absent: weights from elsewhere, evaluated once. */
  readonly run?: { readonly step: number; readonly verdict: Verdict };
  /** What was left out of a file of weights, one line each. */
  readonly notes?: readonly string[];
  readonly chance: number;
  /** The entropy of the source, where it is known: the published mix of question formation. */
  readonly floor?: number | undefined;
  /** Commands that make this network and this page again. */
  readonly commands: readonly string[];
  /** Sections of the Plan with what differs from the defaults, in words. */
  readonly differences?: readonly (readonly [section: string, words: string])[];
  /** Files beside the report. */
  readonly files: readonly string[];
}

/** Accuracy and loss of weights that were evaluated once. */
const measured = ({ train, test }: Eval): Html =>
  table(
    [{ title: "sentences" }, column("accuracy"), column("loss per token, nats")],
    [["in-domain", train] as const, ["generalization set", test] as const].map(([name, score]) => [
      text(name),
      percents(score.accuracy),
      text(score.loss.toFixed(3)),
    ]),
  );

const percents = (share: number | null): Html => (share === null ? "" : text(percent(share)));
const column = (title: string) => ({ title, number: true });

/**
 * One page about a language model: what it was trained on, what happened when, which rule it follows and where, what its
 * heads do, how its states are shaped, what stopping early would have said, what is left unexplained, and how to make it
 * again. Self-contained: no script, nothing from elsewhere.
 */
export function languageReport(
  { explanation, evals }: { readonly explanation: LanguageExplanation; readonly evals: readonly Eval[] },
  options: LanguageReportOptions,
): string {
  const { rule, heads, trees, example, course, stops, norms, sparsity, task } = explanation;
  const names = rulesOfTask[task];
  const strongest = [...heads].sort((a, b) => Math.abs(b.margin) - Math.abs(a.margin)).slice(0, 8);
  const { plan, run, chance, floor } = options;
  const parts = [
    section(
      "setting",
      run === undefined ? "What it was measured on" : "What it was trained on",
      languageSetting({ plan, sets: explanation.sets, trained: run !== undefined, notes: options.notes }),
    ),
    run === undefined
      ? section("measured", "What it can do", measured(evals[0]))
      : section("history", "What happened when", languageHistory({ explanation, evals, verdict: run.verdict, chance, floor })), // prettier-ignore
    rule === null
      ? ""
      : section(
          "rule",
          "Which rule it follows",
          paragraph(
            text(
              `Pairs of words that ${names?.linear ?? "the linear rule"} and ${names?.hierarchical ?? "the hierarchical rule"} go on with after the same words, ${whole(rule.pairs)} of them.`,
            ),
          ),
          table(
            [{ title: "construction" }, column("pairs"), column("prefers tree"), column("tree rule"), column("linear rule"), { title: "rule" }], // prettier-ignore
            [...rule.constructions, { name: "all", ...rule }].map((row) => [
              text(row.name === "all" ? row.name : `${row.name}: ${constructionWords(row.name)}`),
              text(whole(row.pairs)),
              ...[percents(row.preference), percents(row.hierarchical), percents(row.linear), text(row.label)],
            ]),
          ),
        ),
    strongest.length === 0
      ? ""
      : section(
          "heads",
          "What its heads do",
          paragraph(text("Each head's output replaced by zeros, one at a time; the eight that change most.")),
          table(
            [{ title: "head" }, column("margin of the tree rule"), column("tree rule"), column("linear rule")],
            strongest.map(({ layer, head, margin, hierarchical, linear }) => [
              text(`layer ${layer}, head ${head}`),
              ...[margin.toFixed(2), `${(100 * hierarchical).toFixed(0)} %`, `${(100 * linear).toFixed(0)} %`].map(
                text,
              ),
            ]),
          ),
        ),
    section(
      "trees",
      "How its states are shaped",
      example === null
        ? ""
        : figure((look) => sentenceTrees(example, look), text("Brackets that both trees have are drawn strongly.")),
      trees.parseval === null
        ? ""
        : table(
            [{ title: "trees" }, column("F1 with the grammar's")],
            ([
              ["projected from the network", trees.parseval.greedy],
              ["right-branching", trees.parseval.rightBranching],
              ["balanced", trees.parseval.balanced],
              ["random", trees.parseval.random],
              ["left-branching", trees.parseval.leftBranching],
            ] as const).map(([name, value]) => [text(name), percents(value)]), // prettier-ignore
          ),
      figure(
        (look) => structurePanels(course, { ...look, rightBranching: trees.parseval?.rightBranching }),
        text(`Over ${course.length} checkpoints. The tree score of the last is ${trees.tScore.toFixed(3)}.`),
      ),
      example === null
        ? ""
        : figure(({ theme }) => attentionMaps(example, { theme }), text("Where each word of this sentence looks.")),
      paragraph(
        text(
          `As published, with a decoder that no one uses, the weight norm by layer is ${norms.published.toFixed(1)} (live ${norms.live.toFixed(1)}); attention sparsity is ${sparsity.published.toFixed(2)} (corrected ${sparsity.corrected.toFixed(3)} per row).`,
        ),
      ),
    ),
    run === undefined
      ? ""
      : section(
          "early-stopping",
          "What stopping early would have reported",
          table(
            [{ title: "stop rule" }, column("step"), column("generalization there")],
            stops.map(({ rule: name, step, mean }) => [
              text(name),
              text(step === null ? "never" : whole(step)),
              percents(mean),
            ]),
          ),
        ),
    section("unexplained", "What is not explained", languageUnexplained(explanation)),
    section("again", "Do it again", again({ ...options, plan: run === undefined ? undefined : plan })),
  ];
  const of = run === undefined ? "" : ` Explained at step ${whole(run.step)}.`;
  const summary = { explanation, evals, verdict: run?.verdict };
  return page({
    title: `${options.name}: ${options.headline}`,
    name: options.name,
    headline: options.headline,
    lead: `${languageLead(summary)}${text(of)}`,
    facts: languageFacts(summary),
    parts,
    footer: `Written by groklab. Every number on this page was computed from the weights${run === undefined ? "" : " and evaluations of this run"}.`,
  });
}
