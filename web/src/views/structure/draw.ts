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
import { bandOf } from "../../../../src/figures/seed-curves.ts";
import { earlyStop, threshold, type DepthRow, type StructureRun } from "./structure-facts.ts";
import { spansOf, type SentenceRow, type Tree } from "./sentences.ts";

const theme = adaptive;
const share = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value) ? "no number" : percent(Number(value.toPrecision(3)));

/** In-domain and generalization accuracy of one seed, and where early stopping would have ended it. */
export function oneSeed({ plan, evals }: StructureRun, width: number, chance?: number): string {
  const stop = earlyStop(evals);
  const last = evals.at(-1);
  const marks = stop ? [{ step: stop.step, label: "stopped early" }] : [];
  const words =
    `Seed ${plan.seed}: in-domain accuracy ends at ${share(last?.train.accuracy)}, generalization at ` +
    `${share(last?.test.accuracy)}; stopped early at step ${stop?.step ?? 0} it would have been ${share(stop?.test.accuracy)}.`;
  const panel = {
    label: `seed ${plan.seed}: accuracy`,
    domain: [0, 1] as const,
    format: percent,
    ticks: [0, 0.5, 1],
    lines: [
      { name: "in-domain", values: Float64Array.from(evals, (e) => e.train.accuracy), stroke: theme.train },
      {
        name: "generalization",
        values: Float64Array.from(evals, (e) => e.test.accuracy),
        stroke: theme.test,
        width: 2,
      },
    ],
    ...(chance !== undefined && { level: { value: chance, text: "guessing" } }),
  };
  const steps = Float64Array.from(evals, ({ step }) => step);
  return stepPanels([panel], steps, words, { width, theme, panelHeight: 110, marks });
}

/** Median over the seeds, with the quartiles as thin lines. */
export function allSeeds(runs: readonly StructureRun[], width: number): string {
  const known = bandOf(runs, (e) => e.train.accuracy);
  const tested = bandOf(runs, (e) => e.test.accuracy);
  if (known.steps.length === 0) return emptyFrame("No evaluations yet", { width, theme });
  const quartile = { width: 1, dash: "3 2" } as const;
  const panel = {
    label: `accuracy over ${runs.length} seeds: median, and quartiles dashed`,
    domain: [0, 1] as const,
    format: percent,
    ticks: [0, 0.25, 0.5, 0.75, 1],
    lines: [
      { name: "in-domain", values: known.median, stroke: theme.train },
      { name: "generalization", values: tested.median, stroke: theme.test, width: 2.25 },
      { name: "", values: tested.q25, stroke: theme.test, ...quartile },
      { name: "", values: tested.q75, stroke: theme.test, ...quartile },
    ],
  };
  const stops = runs.flatMap(({ evals }) => earlyStop(evals)?.step ?? []).sort((a, b) => a - b);
  const middle = stops[Math.floor((stops.length - 1) / 2)];
  const marks = middle === undefined ? [] : [{ step: middle, label: "stopped early (median)" }];
  const words = `Median accuracy over ${runs.length} seeds: in-domain ${share(known.median.at(-1))}, generalization ${share(tested.median.at(-1))} at the end.`;
  return stepPanels([panel], known.steps, words, { width, theme, panelHeight: 190, marks });
}

/** For each depth, the share of seeds that found the tree: had training stopped early, at its end, and at any time. */
export function depthBars(rows: readonly DepthRow[], width: number): string {
  if (rows.length === 0) return emptyFrame("No runs yet", { width, theme });
  const kinds = [
    { name: "stopped early", of: (row: DepthRow) => row.early, fill: theme.faint },
    { name: "at the end", of: (row: DepthRow) => row.atEnd, fill: theme.test },
    { name: "at any time", of: (row: DepthRow) => row.ever, fill: theme.categories[0] },
  ];
  const [left, top, height] = [48, 42, 150];
  const panelWidth = Math.min(width, 120 * rows.length + 80) - left - 12;
  const x = linear([0, rows.length], [left, left + panelWidth]);
  const panel: Panel = { left, top, width: panelWidth, height, x, y: linear([0, 1], [top + height, top]) };
  const bar = Math.min(26, (panelWidth / rows.length - 14) / 3);
  const bars = rows.flatMap((row, i) =>
    kinds.map(({ name, of, fill }, k) => {
      const value = of(row) / Math.max(1, row.runs);
      const at = x.at(i + 0.5) + (k - 1.5) * bar;
      const title = `<title>${escapeText(`${row.depth} layers, ${name}: ${of(row)} of ${row.runs}`)}</title>`;
      return (
        el(
          "rect",
          { x: at, y: panel.y.at(value), width: bar - 2, height: top + height - panel.y.at(value), fill },
          title,
        ) +
        textAt(at + bar / 2 - 1, panel.y.at(value) - 4, String(of(row)), {
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
    (row) => `${row.depth} layers ${row.atEnd} of ${row.runs} at the end, ${row.early} if stopped early`,
  );
  return frame(
    {
      ...{ width: left + panelWidth + 12, height: top + height + 40, theme, panel },
      label: `Share of seeds above ${share(threshold)} generalization accuracy by depth: ${words.join("; ")}.`,
    },
    key,
    panelGroup(
      panel,
      axes(panel, {
        theme,
        x: { ticks: [], label: "layers" },
        y: { format: percent, ticks: [0, 0.5, 1], label: "share of seeds" },
      }),
      rows.map(({ depth }, i) =>
        textAt(x.at(i + 0.5), top + height + 15, String(depth), { size: 11, fill: theme.muted, anchor: "middle" }),
      ),
      bars,
    ),
  );
}

/** Measures of one run over its steps, a panel each. */
export function measures({ evals }: StructureRun, names: readonly string[], width: number): string {
  const norm = {
    label: "norm of the weights",
    lines: [{ name: "‖θ‖", values: Float64Array.from(evals, (e) => e.normL2), stroke: theme.ink }],
  };
  const panels = names.map((name, i) => ({
    label: name,
    lines: [
      {
        name: "",
        values: Float64Array.from(evals, (e) => e.measures?.[name] ?? NaN),
        stroke: theme.categories[i % theme.categories.length],
      },
    ],
  }));
  const steps = Float64Array.from(evals, ({ step }) => step);
  const words = ["norm of the weights", ...names].join(", ");
  return stepPanels([norm, ...panels], steps, `Over the steps: ${words}.`, { width, theme, panelHeight: 84 });
}

/** One head's attention: a row for each word that looks, a column for each that is looked at. */
export function attentionMap(words: readonly string[], weights: readonly (readonly number[])[], title: string): string {
  const shown = ["SOS", ...words];
  const n = shown.length;
  const longest = Math.max(...shown.map((word) => textWidth(word, 10)));
  const cell = Math.max(10, Math.min(18, Math.floor(260 / n)));
  const [left, top] = [longest + 10, longest * 0.72 + 34];
  const rows = weights.flatMap((row, i) =>
    row.flatMap((value, j) =>
      value < 0.005 || j > i
        ? []
        : el("rect", {
            x: left + j * cell,
            y: top + i * cell,
            width: cell - 1,
            height: cell - 1,
            fill: theme.positive,
            "fill-opacity": value.toFixed(2),
          }),
    ),
  );
  const strongest = weights.slice(1).map((row, i) => `${words[i]} at ${shown[row.indexOf(Math.max(...row))] ?? "SOS"}`);
  const names = shown.flatMap((word, i) => [
    textAt(left - 5, top + (i + 0.7) * cell, word, { size: 10, fill: theme.muted, anchor: "end" }),
    textAt(left + (i + 0.6) * cell, top - 5, word, {
      size: 10,
      fill: theme.muted,
      rest: { transform: `rotate(-45 ${px(left + (i + 0.6) * cell)} ${px(top - 5)})` },
    }),
  ]);
  return frame(
    {
      width: left + n * cell + longest * 0.7 + 8,
      height: top + n * cell + 6,
      theme,
      label: `${title}: looks most ${strongest.join(", ")}.`,
    },
    textAt(4, 14, title, { size: 12, fill: theme.ink, bold: true }),
    el("rect", { x: left, y: top, width: n * cell, height: n * cell, fill: theme.panel }),
    rows,
    names,
  );
}

/** The tree that the network's states make of a sentence, above the one of the grammar; units in common are heavier. */
export function treePair({ words, projected, gold }: SentenceRow, width: number): string {
  const [mine, theirs] = [spansOf(projected), spansOf(gold)];
  const common = [...mine].filter((span) => theirs.has(span)).length;
  const pitch = Math.max(30, Math.max(...words.map((word) => textWidth(word, 11))) + 6);
  const total = Math.max(width, pitch * words.length + 20);
  const step = (total - 20) / words.length;
  const one = (tree: Tree, other: ReadonlySet<string>, top: number, title: string) =>
    drawTree(tree, other, { words, top, step, title });
  const first = one(projected, theirs, 8, "as the network's states put it together");
  const second = one(gold, mine, first.bottom + 22, "as the grammar does");
  const label = `Projected and gold tree of “${words.join(" ")}”: ${common} of ${theirs.size} units in common.`;
  return frame({ width: total, height: second.bottom + 8, theme, label }, first.svg, second.svg);
}

function drawTree(
  tree: Tree,
  other: ReadonlySet<string>,
  {
    words,
    top,
    step,
    title,
  }: { readonly words: readonly string[]; readonly top: number; readonly step: number; readonly title: string },
): { readonly svg: readonly string[]; readonly bottom: number } {
  const height = (node: Tree): number =>
    typeof node === "number" ? 0 : 1 + Math.max(height(node[0]), height(node[1]));
  const rise = 17;
  const floor = top + 22 + rise * height(tree);
  const parts: string[] = [textAt(10, top + 10, title, { size: 12, fill: theme.ink, bold: true })];
  const walk = (
    node: Tree,
  ): { readonly x: number; readonly y: number; readonly first: number; readonly last: number } => {
    if (typeof node === "number") return { x: 10 + (node + 0.5) * step, y: floor, first: node, last: node };
    const [a, b] = [walk(node[0]), walk(node[1])];
    const [x, y] = [(a.x + b.x) / 2, floor - rise * height(node)];
    const shared = other.has(`${a.first}-${b.last}`);
    parts.push(
      el("path", {
        d: `M${px(a.x)} ${px(a.y)}V${px(y)}H${px(b.x)}V${px(b.y)}`,
        fill: "none",
        stroke: shared ? theme.test : theme.faint,
        "stroke-width": shared ? 2.5 : 1.25,
        "stroke-dasharray": shared ? undefined : "3 2",
      }),
    );
    return { x, y, first: a.first, last: b.last };
  };
  walk(tree);
  words.forEach((word, i) =>
    parts.push(textAt(10 + (i + 0.5) * step, floor + 13, word, { size: 11, fill: theme.ink, anchor: "middle" })),
  );
  return { svg: parts, bottom: floor + 18 };
}
