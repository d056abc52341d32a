import type { LanguageExplanation } from "../../analyses/language/explain-language.ts";
import { rulesOfTask } from "../../analyses/language/rule.ts";
import type { Eval } from "../../train/eval.ts";
import { attentionMaps } from "../language/attention-maps.ts";
import { constructionCurves } from "../language/construction-curves.ts";
import { generalizationCurves } from "../language/generalization-curves.ts";
import { sentenceTrees } from "../language/sentence-trees.ts";
import { structurePanels } from "../language/structure-panels.ts";
import { questionFormationFloor, trainingLoss } from "../language/training-loss.ts";
import { code, figure, paragraph, percent, section, table, text, whole, type Html } from "./html.ts";
import { style } from "./style.ts";

export interface LanguageReportOptions {
  /** What the run is called. */
  readonly name: string;
  /** One sentence: the rule it follows. */
  readonly headline: string;
  /** Step of the checkpoint; absent: weights from elsewhere, evaluated once. */
  readonly step?: number;
  readonly chance: number;
  /** The entropy of the source, where it is known: the published mix of question formation. */
  readonly floor?: number | undefined;
  /** Commands that make this network and this page again. */
  readonly commands: readonly string[];
  /** Files beside the report. */
  readonly files: readonly string[];
}

/** The floor of the loss of this task, where it is known. */
export const floorOf = (task: Readonly<Record<string, unknown>>): number | undefined =>
  task["name"] === "question-formation" && task["declaratives"] === "all" && task["mix"] === "as-released"
    ? questionFormationFloor
    : undefined;

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
 * One page about a language model: what happened when, which rule it follows and where, what its heads do, how its states
 * are shaped, what stopping early would have said. Self-contained: no script, nothing from elsewhere.
 */
export function languageReport(
  { explanation, evals }: { readonly explanation: LanguageExplanation; readonly evals: readonly Eval[] },
  options: LanguageReportOptions,
): string {
  const { rule, heads, trees, example, course, generalization, stops, norms, sparsity, task } = explanation;
  const names = rulesOfTask[task];
  const strongest = [...heads].sort((a, b) => Math.abs(b.margin) - Math.abs(a.margin)).slice(0, 8);
  const parts = [
    options.step === undefined
      ? section("measured", "What it can do", measured(evals[0]))
      : section(
          "history",
          "What happened when",
          figure(
            (look) => generalizationCurves([{ evals }], { ...look, chance: options.chance }),
            text("In-domain accuracy and accuracy on the generalization set, where the rules differ."),
          ),
          paragraph(
            text(
              `Generalization ${generalization.firstCrossing === null ? "never reached 80 %" : `first reached 80 % at step ${whole(generalization.firstCrossing)}; ${percent(generalization.shareAbove ?? 0)} of the readings from there on are at least that`}. ` +
                `Its ups and downs add up to ${generalization.totalVariation.toFixed(1)} full swings; the last reading is ${percent(generalization.final)}.`,
            ),
          ),
          figure((look) => trainingLoss(evals, { ...look, floor: options.floor }), text("Loss per token.")),
          figure((look) => constructionCurves(evals, look), text("Generalization accuracy by construction.")),
        ),
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
              text(row.name),
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
    options.step === undefined
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
    section(
      "again",
      "Do it again",
      ...options.commands.map((command) => paragraph(code(command))),
      paragraph(text(`Beside this page: ${options.files.join(", ")}.`)),
    ),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${text(`${options.name}: ${options.headline}`)}</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<p class="run">${text(options.name)}</p>
<h1>${text(options.headline)}</h1>
${paragraph(text(options.step === undefined ? "Weights from elsewhere." : `Explained at step ${whole(options.step)}.`))}
</header>
${parts.filter((part) => part !== "").join("\n")}
<footer>${text("Written by groklab. Every number on this page was computed from the weights and evaluations of this run.")}</footer>
</main>
</body>
</html>
`;
}
