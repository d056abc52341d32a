import type { ProgressRow } from "../analyses/progress.ts";
import { category, emptyFrame, light, percent, stepPanels, type StepLine, type StepOptions, type StepPanel, type Theme } from "./svg/index.ts"; // prettier-ignore

/** Groups of measures that share an axis. */
export const progressPanels = ["accuracy", "loss", "norms", "sparsity", "frequencies", "phase", "gradients", "logits"] as const; // prettier-ignore
export type ProgressPanel = (typeof progressPanels)[number];

export interface ProgressOptions extends StepOptions {
  /** Which panels, from top to bottom. */
  readonly panels?: readonly ProgressPanel[] | undefined;
}

/** Norms and progress measures of every checkpoint on one axis of steps, as SVG text. */
export function progressMeasures(rows: readonly ProgressRow[], options: ProgressOptions = {}): string {
  const { theme = light, panels = progressPanels, marks = [] } = options;
  if (rows.length === 0) return emptyFrame("No checkpoints to measure", options);
  const made = panels.map((name) => panelOf(name, rows, theme));
  const steps = Float64Array.from(rows, ({ step }) => step);
  const events = marks.map(({ label, step }) => `${label} at step ${step}`).join(", ");
  const label = `${made.map(({ label }) => label).join("; ")}: over ${steps.at(-1)} steps${events ? `; ${events}` : ""}.`;
  return stepPanels(made, steps, label, { panelHeight: 92, ...options });
}

function panelOf(name: ProgressPanel, rows: readonly ProgressRow[], theme: Theme): StepPanel {
  const of = (name: string, read: (row: ProgressRow) => number, stroke: string, dash = ""): StepLine => ({
    name,
    values: Float64Array.from(rows, read),
    stroke,
    dash,
  });
  const color = (n: number): string => category(theme, n);
  /** Quantities of different size on one axis: as shares of what each was at its largest. */
  const relative = (line: StepLine): StepLine => {
    const most = Array.from(line.values).reduce((a, b) => (b > a ? b : a), 0) || 1;
    return { ...line, values: Float64Array.from(line.values, (value) => value / most) };
  };
  switch (name) {
    case "accuracy":
      return {
        label: "accuracy (share of examples)",
        domain: [0, 1],
        ticks: [0, 0.5, 1],
        format: percent,
        lines: [
          of("train", (row) => row.trainAccuracy, theme.train),
          of("test", (row) => row.testAccuracy, theme.test),
          of("restricted", (row) => row.restrictedAccuracy, color(0), "6 3"),
          of("held-out sums", (row) => row.heldOutSums, color(1), "2 2"),
        ],
      };
    case "loss":
      return {
        label: "loss (nats per example)",
        log: true,
        lines: [
          of("train", (row) => row.trainLoss, theme.train),
          of("test", (row) => row.testLoss, theme.test),
          of("restricted", (row) => row.restrictedLoss, color(0), "6 3"),
          of("excluded", (row) => row.excludedLoss, color(3), "2 2"),
        ],
      };
    case "norms":
      return {
        label: "norm of all weights (share of its largest)",
        format: percent,
        domain: [0, 1.03],
        ticks: [0, 0.5, 1],
        lines: [
          relative(of("L1 norm", (row) => row.normL1, color(0))),
          relative(of("L2 norm", (row) => row.normL2, color(1), "6 3")),
        ],
      };
    case "sparsity":
      return {
        label: "concentration of the spectra (0 even, 1 one frequency)",
        domain: [0, 1],
        ticks: [0, 0.5, 1],
        lines: [
          of("Gini, in", (row) => row.giniInput, color(0)),
          of("Gini, out", (row) => row.giniOutput, color(1)),
          of("IPR, in", (row) => row.participationInput, color(0), "2 2"),
          of("IPR, out", (row) => row.participationOutput, color(1), "2 2"),
        ],
      };
    case "frequencies":
      return {
        label: "active frequencies; neurons that fit one (count)",
        ticks: 3,
        lines: [
          of("frequencies", (row) => row.activeFrequencies, color(2)),
          of("neurons", (row) => row.fittingNeurons, color(4), "6 3"),
        ],
      };
    case "phase":
      return {
        label: "phase defect (degrees; 90: no relation)",
        domain: [0, 100],
        ticks: [0, 45, 90],
        lines: [of("defect", (row) => row.phaseDefect, color(5))],
      };
    case "gradients":
      return {
        label: "train examples with no gradient left (share)",
        domain: [0, 1],
        ticks: [0, 0.5, 1],
        format: percent,
        lines: [of("no gradient", (row) => row.zeroGradient, color(7))],
      };
    case "logits":
      return {
        label: "logit scale (standard deviation)",
        ticks: 3,
        lines: [of("logits", (row) => row.logitScale, color(3))],
      };
  }
}
