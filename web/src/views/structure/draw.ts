import {
  adaptive,
  axes,
  el,
  emptyFrame,
  escapeText,
  frame,
  linear,
  panelGroup,
  percent,
  px,
  stepPanels,
  textAt,
  textWidth,
  type Panel,
} from "../../../../src/figures/svg/index.ts";
import { wilson } from "../../../../src/verdict/agreement.ts";
import { threshold, type DepthRow, type StructureRun } from "./structure-facts.ts";

const theme = adaptive;

const whole = (share: number): string => percent(Math.round(100 * share) / 100);

/**
 * For each depth, the share of seeds that found the tree: had training stopped early, at its end, and at any time. Each
 * bar has its count and the 95 % interval of its share (Wilson), which is wide for few seeds.
 */
export function depthBars(rows: readonly DepthRow[], width: number): string {
  if (rows.length === 0) return emptyFrame("No runs yet", { width, theme });
  const kinds = [
    { name: "stopped early", of: (row: DepthRow) => row.early, fill: theme.faint },
    { name: "at the end", of: (row: DepthRow) => row.atEnd, fill: theme.test },
    { name: "at any time", of: (row: DepthRow) => row.ever, fill: theme.categories[0] },
  ];
  const [left, top, height] = [48, 56, 150];
  const panelWidth = Math.min(width, 120 * rows.length + 80) - left - 12;
  const x = linear([0, rows.length], [left, left + panelWidth]);
  const panel: Panel = { left, top, width: panelWidth, height, x, y: linear([0, 1], [top + height, top]) };
  const bar = Math.min(26, (panelWidth / rows.length - 14) / 3);
  const bars = rows.flatMap((row, i) =>
    kinds.map(({ name, of, fill }, k) => {
      if (row.runs === 0) return "";
      const value = of(row) / row.runs;
      const [low, high] = wilson(of(row), row.runs);
      const at = x.at(i + 0.5) + (k - 1.5) * bar;
      const between = `95 %: ${whole(low)} to ${whole(high)}`;
      const title = `<title>${escapeText(`${row.depth} layers, ${name}: ${of(row)} of ${row.runs}, ${between}`)}</title>`;
      const middle = px(at + bar / 2 - 1);
      const whisker = `M${middle} ${px(panel.y.at(low))}V${px(panel.y.at(high))}`;
      return (
        el(
          "rect",
          { x: at, y: panel.y.at(value), width: bar - 2, height: top + height - panel.y.at(value), fill },
          title,
        ) +
        el("path", { d: whisker, stroke: theme.ink, "stroke-width": 1.25 }) +
        textAt(at + bar / 2 - 1, panel.y.at(high) - 4, String(of(row)), {
          size: 10,
          fill: theme.ink,
          anchor: "middle",
        })
      );
    }),
  );
  let place = left;
  const key = kinds.map(({ name, fill }) => {
    const entry =
      el("rect", { x: place, y: 6, width: 10, height: 10, fill }) +
      textAt(place + 14, 15, name, { size: 11, fill: theme.ink });
    place += 30 + textWidth(name, 11);
    return entry;
  });
  const words = rows.map(
    (row) =>
      `${row.depth} layers ${row.atEnd} of ${row.runs} at the end, ${row.early} if stopped early, ${row.ever} at some time`,
  );
  return frame(
    {
      ...{ width: left + panelWidth + 12, height: top + height + 40, theme, panel },
      label: `Share of seeds above ${percent(threshold)} generalization accuracy by depth: ${words.join("; ")}.`,
    },
    key,
    panelGroup(
      panel,
      axes(panel, {
        theme,
        x: { ticks: [], label: "layers (seeds)" },
        y: { format: percent, ticks: [0, 0.5, 1], label: "share of seeds" },
      }),
      rows.map(({ depth, runs }, i) =>
        textAt(x.at(i + 0.5), top + height + 15, `${depth} (${runs})`, {
          size: 11,
          fill: theme.muted,
          anchor: "middle",
        }),
      ),
      bars,
    ),
  );
}

const words: Readonly<Record<string, string>> = {
  treeScore: "tree score of the projection",
  treeParseval: "agreement with the grammar's trees (F1)",
  rightBranchingParseval: "agreement of right-branching trees (F1)",
  attentionSparsity: "sparsity of attention",
  batchLoss: "loss of the batches (nats per token)",
  gradientNorm: "norm of the gradient",
};
const baseline = { of: "treeParseval", name: "rightBranchingParseval" };

/** Values that are measured less often than others, joined by straight lines. */
export function joined(values: Float64Array): Float64Array {
  const filled = values.slice();
  let before = -1;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    for (let k = before + 1; before >= 0 && k < i; k++) {
      filled[k] = values[before] + ((values[i] - values[before]) * (k - before)) / (i - before);
    }
    before = i;
  }
  return filled;
}

/** Measures of one run over its steps, a panel each. */
export function measures({ evals }: StructureRun, names: readonly string[], width: number): string {
  const norm = {
    label: "norm of the weights",
    lines: [{ name: "‖θ‖", values: Float64Array.from(evals, (e) => e.normL2), stroke: theme.ink }],
  };
  const valuesOf = (name: string) => joined(Float64Array.from(evals, (e) => e.measures?.[name] ?? NaN));
  // What the trees are compared with stands in their panel.
  const alone = names.filter((name) => name !== baseline.name || !names.includes(baseline.of));
  const panels = alone.map((name, i) => {
    const stroke = theme.categories[i % theme.categories.length];
    const compared = name === baseline.of && names.includes(baseline.name);
    return {
      label: words[name] ?? name,
      lines: [
        { name: compared ? "projected" : "", values: valuesOf(name), stroke },
        ...(compared
          ? [{ name: "right-branching", values: valuesOf(baseline.name), stroke: theme.muted, dash: "5 3" }]
          : []),
      ],
    };
  });
  const steps = Float64Array.from(evals, ({ step }) => step);
  const summary = ["norm of the weights", ...names.map((name) => words[name] ?? name)].join(", ");
  return stepPanels([norm, ...panels], steps, `Over the steps: ${summary}.`, { width, theme, panelHeight: 84 });
}
