import type { Component } from "svelte";
import type { ViewName } from "./route.svelte.ts";

/** Each view is loaded when it is first opened. */
export const loadView: Readonly<Record<ViewName, () => Promise<{ readonly default: Component }>>> = {
  story: () => import("../views/story/story.svelte"),
  lab: () => import("../views/lab/lab.svelte"),
  sweeps: () => import("../views/sweeps/sweeps.svelte"),
  runs: () => import("../views/runs/runs.svelte"),
  structure: () => import("../views/structure/structure.svelte"),
};
