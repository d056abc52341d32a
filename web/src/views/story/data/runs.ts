import { StoryRun } from "./story-run.svelte.ts";

/** The runs of the story, one for each group of figures. They are fetched when their section comes near. */
export const mainRun = new StoryRun("modular-addition", 47_500);
export const parityRun = new StoryRun("sparse-parity", 3680);
export const fiveRun = new StoryRun("five-neurons");
/** The main run again, or the seed that the reader chose. */
export const starRun = new StoryRun("modular-addition");
/** The main run without factors and without sharing between input and output. */
export const plainRun = new StoryRun("unfactored");
/** A network of the map of 1,125, and one of the sweep of constraints: those that the reader points at. */
export const mapRun = new StoryRun("sparse-parity-sweep");
export const constraintRun = new StoryRun("architecture-sweep");
/** A small transformer on questions. */
export const questionRun = new StoryRun("structure");
export const reverseRun = new StoryRun("reverse-grokking", 800);
export const againRun = new StoryRun("generalize-memorize-generalize");
