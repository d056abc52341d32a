/**
 * One palette for every figure, told apart by colour-blind readers and, by lightness, in black and white. Train and test
 * keep the published page's purple and green in tone.
 */
export const palette = {
  train: "#7b3fb5",
  test: "#1f9d55",
  ink: "#222222",
  faint: "#888888",
  paper: "#ffffff",
} as const;
