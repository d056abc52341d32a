import { labels, type Label } from "../../verdict/verdict.ts";

/** A shape that tells classes apart where colors do not. */
export type Shape = "circle" | "square" | "diamond" | "triangle" | "cross" | "ring";

export interface ClassStyle {
  readonly fill: string;
  readonly stroke: string;
  readonly shape: Shape;
}

/**
 * The colors of every figure. Told apart by color-blind readers, and in black and white by a second key: dashes for
 * lines, shapes for classes, lightness elsewhere.
 */
export interface Theme {
  readonly name: "light" | "dark" | "adaptive";
  readonly paper: string;
  /** Behind the marks of a chart. */
  readonly panel: string;
  readonly grid: string;
  readonly ink: string;
  /** Axis labels and ticks. */
  readonly muted: string;
  /** Lines that matter little: a background of many. */
  readonly faint: string;
  readonly train: string;
  readonly test: string;
  /** What the reader points at. */
  readonly highlight: string;
  /** The right answer. */
  readonly correct: string;
  /** Weights above zero (darker) and below it (lighter), mixed with the paper by their size. */
  readonly positive: string;
  readonly negative: string;
  readonly classes: Readonly<Record<Label, ClassStyle>>;
  /** Frequencies, groups of neurons, runs: used in this order. */
  readonly categories: readonly string[];
}

/** The dash of the n-th category, so that lines can be told apart without color. */
export const dashes = ["", "6 3", "2 2", "8 3 2 3", "4 2 1 2 1 2", "1 3", "10 4", "3 1"] as const;

export const light: Theme = {
  name: "light",
  paper: "#ffffff",
  panel: "#f6f7f8",
  grid: "#e1e4e8",
  ink: "#1f2328",
  muted: "#57606a",
  faint: "#8c959f",
  train: "#7b3fb5",
  test: "#1f8f4d",
  highlight: "#8a9a00",
  correct: "#d6246e",
  positive: "#a91428",
  negative: "#4a96d2",
  classes: {
    grok: { fill: "#f7db5c", stroke: "#8a6d00", shape: "circle" },
    generalize: { fill: "#5aa9dc", stroke: "#1c5f8c", shape: "diamond" },
    memorize: { fill: "#ffffff", stroke: "#57606a", shape: "ring" },
    fail: { fill: "#9a9fa6", stroke: "#5d646c", shape: "square" },
    undecided: { fill: "#e4d4f0", stroke: "#7b3fb5", shape: "triangle" },
    diverged: { fill: "#d1495b", stroke: "#8c1c2d", shape: "cross" },
  },
  categories: ["#0072b2", "#c2570c", "#00805a", "#a83c7f", "#7a5c00", "#3f4fb0", "#4d7c0f", "#8a2f2f"],
};

export const dark: Theme = {
  name: "dark",
  paper: "#14171c",
  panel: "#1c2027",
  grid: "#313844",
  ink: "#e8eaed",
  muted: "#a9b1bc",
  faint: "#6f7883",
  train: "#c79bf2",
  test: "#5fd08c",
  highlight: "#d3e04a",
  correct: "#ff6b9f",
  positive: "#f0503f",
  negative: "#7cc0f5",
  classes: {
    grok: { fill: "#f7db5c", stroke: "#fff3b0", shape: "circle" },
    generalize: { fill: "#4f9fd4", stroke: "#a9d8f7", shape: "diamond" },
    memorize: { fill: "#14171c", stroke: "#cfd4da", shape: "ring" },
    fail: { fill: "#7b828b", stroke: "#b3b9c0", shape: "square" },
    undecided: { fill: "#5b4472", stroke: "#c79bf2", shape: "triangle" },
    diverged: { fill: "#e0566a", stroke: "#ffb3bd", shape: "cross" },
  },
  categories: ["#5db4f0", "#f09a52", "#3fcf9f", "#e58ac0", "#d8b53c", "#94a0ff", "#a2cf58", "#f08a8a"],
};

/**
 * Colors as CSS variables (`--gl-ink`, `--gl-class-grok-fill`, `--gl-category-0` …) with those of `light` where a page
 * sets none: one drawing follows the page into the dark. `themeVariables` writes the declarations.
 */
export const adaptive: Theme = mapTheme("adaptive", light, (name, color) => `var(--gl-${name}, ${color})`);

/** The declarations that make the figures of `adaptive` look like this theme. */
export function themeVariables(theme: Theme): string {
  const lines: string[] = [];
  mapTheme(theme.name, theme, (name, color) => {
    lines.push(`--gl-${name}: ${color};`);
    return color;
  });
  return lines.join(" ");
}

export const themes = { light, dark, adaptive } as const;

function mapTheme(name: Theme["name"], from: Theme, map: (name: string, color: string) => string): Theme {
  const { classes, categories, name: _, ...plain } = from;
  const colors = Object.fromEntries(Object.entries(plain).map(([key, color]) => [key, map(key, color)]));
  const styled = (label: Label): ClassStyle => ({
    fill: map(`class-${label}-fill`, classes[label].fill),
    stroke: map(`class-${label}-stroke`, classes[label].stroke),
    shape: classes[label].shape,
  });
  return {
    name,
    ...(colors as unknown as Omit<Theme, "name" | "classes" | "categories">),
    classes: Object.fromEntries(labels.map((label) => [label, styled(label)])) as Record<Label, ClassStyle>,
    categories: categories.map((color, i) => map(`category-${i}`, color)),
  };
}

/** The n-th category's color; they repeat. */
export const category = (theme: Theme, n: number): string =>
  theme.categories[((n % theme.categories.length) + theme.categories.length) % theme.categories.length];
export const dash = (n: number): string => dashes[((n % dashes.length) + dashes.length) % dashes.length];
