import type { Analysis } from "./analysis.ts";
import { circuit } from "./circuit.ts";
import { constructed } from "./constructed.ts";
import { spectrum } from "./spectrum.ts";

/** Every analysis, in the order in which lists show them. */
export const analyses: readonly Analysis[] = [spectrum, circuit, constructed];
