import type { LanguageExplanation } from "../../analyses/language/explain-language.ts";
import type { RuleScore } from "../../analyses/language/rule.ts";
import { bracketed } from "../../figures/language/sentence-trees.ts";
import { ruleSentence, type ExplainedLanguage, type LanguageSource } from "../explain/language.ts";
import type { Session } from "../session.ts";
import { count, number, percent, steps } from "./numbers.ts";
import { pairs, table } from "./table.ts";
import { wrapped } from "./text.ts";
import type { Eval } from "../../train/eval.ts";
import type { Style } from "./style.ts";
import { verdictLine } from "./verdict.ts";

/** Heads that are listed: those whose removal moves the margin most. */
const listedHeads = 5;

/** A language model's explanation as a page of text: its rule, the evidence, its trees, its course. */
export function languageLines(explained: ExplainedLanguage, { out, io }: Session): readonly string[] {
  const { source, explanation } = explained;
  const { rule, heads, trees, example, norms, sparsity, course, stops } = explanation;
  const columns = Math.min(io.stdout.columns ?? 100, 100);
  const style = { style: out, columns, indent: 2 };
  const right = (title: string) => ({ title, align: "right" as const });
  const scoreCells = (score: RuleScore) => [
    ...[String(score.pairs), percent(score.preference), signed(score.margin)],
    ...[percent(score.hierarchical), percent(score.linear), score.label],
  ];
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ["", out.bold(title), ...lines];
  const strongest = [...heads].sort((a, b) => Math.abs(b.margin) - Math.abs(a.margin)).slice(0, listedHeads);
  const courseLines = (): readonly string[] => [
    ...section(
      "course",
      table(
        [right("step"), right("prefers tree"), right("tree score"), right("F1"), right("norm"), right("sparsity")],
        course.map((row) => [
          steps(row.step),
          row.preference === null ? "" : percent(row.preference),
          row.tScore.toFixed(3),
          row.parseval === null ? "" : percent(row.parseval),
          row.norm.toFixed(1),
          row.sparsity.toFixed(3),
        ]),
        style,
      ),
    ),
    ...section(
      "what stopping early would have reported",
      table(
        [{ title: "stop rule" }, right("step"), right("generalization")],
        stops.map((stop) => [
          stop.rule,
          stop.step === null ? "never" : steps(stop.step),
          stop.mean === null ? "" : percent(stop.mean),
        ]),
        style,
      ),
    ),
  ];
  return [
    ...wrapped(out.bold(ruleSentence(explanation)), columns),
    "",
    ...pairs(
      source.kind === "run" ? ofRun(source, explanation, out) : ofWeights(source, explained.evals[0], out),
      out,
      columns,
    ),
    ...section(
      "rule, where the two differ",
      rule === null
        ? []
        : table(
            [{ title: "construction" }, right("pairs"), right("prefers tree"), right("margin"), right("tree"), right("linear"), { title: "rule" }], // prettier-ignore
            [...rule.constructions.map((row) => [row.name, ...scoreCells(row)]), ["all", ...scoreCells(rule)]],
            style,
          ),
    ),
    ...section(
      "heads, by what taking one out does",
      table(
        [{ title: "head" }, right("margin"), right("tree rule"), right("linear rule")],
        strongest.map((head) => [
          `layer ${head.layer}, head ${head.head}`,
          signed(head.margin),
          signed(100 * head.hierarchical, " %"),
          signed(100 * head.linear, " %"),
        ]),
        style,
      ),
    ),
    ...section("trees", [
      ...pairs(
        [
          ["tree score", `${trees.tScore.toFixed(3)} over ${trees.sentences} sentences (${trees.tScoreSampled.toFixed(3)} with drawn splits, as published; best trees against random ones ${trees.tScoreExact.toFixed(3)})`], // prettier-ignore
          ...(trees.parseval === null
            ? []
            : [["F1 with gold", `${percent(trees.parseval.greedy)} (best trees ${percent(trees.parseval.exact)}); right-branching ${percent(trees.parseval.rightBranching)}, left-branching ${percent(trees.parseval.leftBranching)}, balanced ${percent(trees.parseval.balanced)}, random ${percent(trees.parseval.random)}`] as const]), // prettier-ignore
          ...(example === null
            ? []
            : [
                ["projected", bracketed(example.projected, example.words)] as const,
                ...(example.gold === null ? [] : [["gold", bracketed(example.gold, example.words)] as const]),
              ]),
        ],
        out,
        columns,
      ).map((line) => `  ${line}`),
    ]),
    ...(source.kind === "run" ? courseLines() : []),
    ...section("as published", [
      ...wrapped(
        `  weight norm with the unused decoder, by layer ${norms.published.toFixed(1)} (live ${norms.live.toFixed(1)}); attention sparsity ${sparsity.published.toFixed(2)} (corrected ${sparsity.corrected.toFixed(3)} per row)`,
        columns,
      ),
    ]),
  ];
}

function ofRun(
  { record, verdict, step }: LanguageSource & { readonly kind: "run" },
  { generalization }: LanguageExplanation,
  out: Style,
): readonly (readonly [string, string])[] {
  const { readings, firstCrossing, shareAbove, max, final, totalVariation } = generalization;
  const crossed =
    firstCrossing === null
      ? "never reached 80 %"
      : `first reached 80 % at step ${steps(firstCrossing)}, and ${percent(shareAbove ?? 0)} of the readings from there on`;
  const swings = `greatest ${percent(max)}, last ${percent(final)}; ups and downs add up to ${number(totalVariation)}`;
  return [
    ["run", `${out.bold(record.id)} at step ${steps(step)}`],
    ["verdict", verdictLine(verdict, out)],
    ["course", readings === 0 ? "no evaluation" : `generalization ${crossed}; ${swings}`],
  ];
}

function ofWeights(
  { file, plan, notes }: LanguageSource & { readonly kind: "weights" },
  measured: Eval,
  out: Style,
): readonly (readonly [string, string | readonly string[]])[] {
  const { nLayers, nHeads, dModel, mlpRatio } = plan.model as Readonly<Record<string, number>>;
  const score = ({ accuracy, loss }: Eval["test"]): string => `${percent(accuracy)}, ${loss.toFixed(3)} nats per token`;
  return [
    ["weights", out.bold(file)],
    [
      "network",
      `${count(nLayers, "layer")} of width ${dModel}, ${count(nHeads, "head")}, feed-forward ${Math.round(dModel * mlpRatio)}`,
    ],
    ["in-domain", score(measured.train)],
    ["generalization", score(measured.test)],
    ...(notes.length > 0 ? [["file", notes] as const] : []),
  ];
}

const signed = (value: number, unit = ""): string =>
  `${value < 0 ? "" : "+"}${value.toFixed(unit === "" ? 2 : 0)}${unit}`;
