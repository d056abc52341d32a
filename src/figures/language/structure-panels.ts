import type { CheckpointMeasures } from "../../analyses/language/explain-language.ts";
import { category, emptyFrame, frame, light, percent, titleHeight, xAxisHeight, yLabelHeight, type FigureOptions } from "../svg/index.ts"; // prettier-ignore
import { linePanel } from "./line-panel.ts";

export interface StructurePanelsOptions extends FigureOptions {
  /** F1 of right-branching trees on the same sentences, the published line. */
  readonly rightBranching?: number | undefined;
  /** Norm and sparsity as published instead of corrected. */
  readonly published?: boolean | undefined;
}

/** Weight norm, attention sparsity, tree score and agreement with the grammar's trees, over the checkpoints of a run. */
export function structurePanels(course: readonly CheckpointMeasures[], options: StructurePanelsOptions = {}): string {
  const { width = 720, theme = light, title, rightBranching, published = false } = options;
  if (course.length === 0) return emptyFrame("No checkpoints to measure", { width, theme, title });
  const steps = course.map(({ step }) => step);
  const measures = [
    {
      label: published ? "weight norm / layers, as published" : "weight norm",
      of: (m: CheckpointMeasures) => (published ? m.normAsPublished : m.norm),
    },
    {
      label: published ? "attention sparsity, as published" : "attention sparsity (-nats per row)",
      of: (m: CheckpointMeasures) => (published ? m.sparsityAsPublished : m.sparsity),
    },
    { label: "tree score", of: (m: CheckpointMeasures) => m.tScore },
    { label: "agreement with gold trees (F1)", of: (m: CheckpointMeasures) => m.parseval ?? NaN },
  ];
  const gap = 70;
  const columns = width < 560 ? 1 : 2;
  const panelWidth = (width - 52 - 108 - gap * (columns - 1)) / columns;
  const panelHeight = 130;
  const rowHeight = yLabelHeight + panelHeight + xAxisHeight(true) + 8;
  const top = titleHeight(title) + 6;
  const panels = measures.map(({ label, of }, i) =>
    linePanel([{ name: label, steps, values: course.map(of), stroke: category(theme, i), width: 2 }], {
      left: 52 + (i % columns) * (panelWidth + gap),
      top: top + Math.floor(i / columns) * rowHeight,
      ...{ width: panelWidth, height: panelHeight, theme, label },
      ...(i === 3 && { format: percent }),
      levels: i === 3 && rightBranching !== undefined ? [{ value: rightBranching, name: "right-branching" }] : [],
    }),
  );
  const last = course[course.length - 1];
  const label =
    `Weight norm, attention sparsity, tree score and F1 against gold trees at ${course.length} checkpoints; ` +
    `at step ${last.step} the tree score is ${last.tScore.toFixed(2)}${last.parseval === null ? "" : ` and F1 ${percent(last.parseval)}`}.`;
  const height = top + (4 / columns) * rowHeight;
  return frame(
    { width, height, label, title, theme, panel: panels[0].panel },
    panels.map(({ svg }) => svg),
  );
}
