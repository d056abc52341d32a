import { named } from "../options.ts";
import { adamL1, adamw } from "./adamw.ts";
import type { OptimizerDefinition } from "./optimizer.ts";
import { sgd } from "./sgd.ts";

export const optimizers: readonly OptimizerDefinition[] = [adamw, adamL1, sgd];
export const findOptimizer = (name: string): OptimizerDefinition => named(optimizers, name, "optimizer");
export { type OptimizerDefinition } from "./optimizer.ts";
export { learningRateAt, type ScheduleOptions } from "./schedule.ts";
