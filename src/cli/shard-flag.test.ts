import { describe, expect, it } from "vitest";
import { readShard } from "./shard-flag.ts";

const slurm = (id: number, min: number, max: number, count: number) => ({
  SLURM_ARRAY_TASK_ID: String(id),
  SLURM_ARRAY_TASK_MIN: String(min),
  SLURM_ARRAY_TASK_MAX: String(max),
  SLURM_ARRAY_TASK_COUNT: String(count),
});

describe("--shard", () => {
  it.each([
    ["3/8", {}, 3, 8],
    [" 8 / 8 ", {}, 8, 8],
    ["2/8", slurm(0, 0, 7, 8), 2, 8],
    [true, slurm(0, 0, 7, 8), 1, 8],
    [true, slurm(8, 1, 8, 8), 8, 8],
    [true, slurm(30, 10, 80, 8), 3, 8],
    [true, slurm(5, 5, 5, 1), 1, 1],
    ["/8", slurm(4, 1, 8, 8), 4, 8],
    ["/8", { JOB_COMPLETION_INDEX: "0" }, 1, 8],
    [true, { JOB_COMPLETION_INDEX: "7", JOB_COMPLETIONS: "8" }, 8, 8],
  ] as const)("%j reads %j as part %i of %i", (flag, env, index, of) => {
    expect(readShard(flag, env)).toEqual({ index, of });
  });

  it.each([
    ["0/8", {}, /0\/8 is not allowed; parts count from 1: give 1\/8 to 8\/8/],
    ["9/8", {}, /9\/8 is not allowed/],
    ["quick", {}, /"quick" is not allowed; give i\/n, such as 3\/8/],
    ["1/0", {}, /0 parts are not allowed/],
    ["1/999999", {}, /give 1 to 100000/],
    [true, {}, /neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set/],
    // One task of eight, submitted again: not the whole sweep.
    ["/8", slurm(3, 3, 3, 1), /the array has 1 tasks, not 8; give the part itself/],
    [true, slurm(3, 1, 7, 3), /do not follow each other at equal steps/],
    [true, { SLURM_ARRAY_TASK_ID: "3" }, /SLURM_ARRAY_TASK_COUNT is "", not a whole number/],
    [true, { JOB_COMPLETION_INDEX: "3" }, /Kubernetes does not say how many parts/],
    ["/3", { JOB_COMPLETION_INDEX: "3" }, /with 3 parts it is at most 2/],
  ] as const)("refuses %j with %j", (flag, env, message) => {
    expect(() => readShard(flag, env)).toThrow(message);
  });
});
