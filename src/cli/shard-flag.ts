import { UsageError } from "../options.ts";
import type { Shard } from "../workers/shards.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** As many parts are more than any sweep has runs. */
export const mostShards = 100_000;

/**
 * Which part of a sweep is meant: `3/8`; `/8`, with the place from the environment; or all from the environment, for a flag without a value.
 * Read are SLURM's array variables and Kubernetes' JOB_COMPLETION_INDEX with JOB_COMPLETIONS.
 * @throws UsageError
 */
export function readShard(flag: string | true, env: Environment): Shard {
  if (flag === true) return ofEnvironment(env, undefined);
  const [, index = "", of = ""] = /^\s*(\d*)\s*\/\s*(\d+)\s*$/.exec(flag) ?? [];
  if (of === "") throw new UsageError(`--shard: ${JSON.stringify(flag)} is not allowed; give ${allowed}`);
  const parts = Number(of);
  if (parts < 1 || parts > mostShards) {
    throw new UsageError(`--shard: ${of} parts are not allowed; give 1 to ${mostShards}`);
  }
  if (index === "") return ofEnvironment(env, parts);
  if (Number(index) >= 1 && Number(index) <= parts) return { index: Number(index), of: parts };
  throw new UsageError(`--shard: ${index}/${of} is not allowed; parts count from 1: give 1/${of} to ${of}/${of}`);
}

const allowed =
  "i/n, such as 3/8; /n, with i from SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX; or no value in a SLURM array";

function ofEnvironment(env: Environment, parts: number | undefined): Shard {
  if (env["SLURM_ARRAY_TASK_ID"] !== undefined) return ofSlurm(env, parts);
  if (env["JOB_COMPLETION_INDEX"] !== undefined) return ofKubernetes(env, parts);
  throw new UsageError(`--shard: neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set; give ${allowed}`);
}

function number(env: Environment, name: string): number {
  const value = Number(env[name] ?? "");
  if ((env[name] ?? "").trim() !== "" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new UsageError(`--shard: ${name} is ${JSON.stringify(env[name] ?? "")}, not a whole number; give i/n`);
}

/** An array of task numbers that follow each other at equal steps: 0-7, 1-8, 10-80:10. */
function ofSlurm(env: Environment, parts: number | undefined): Shard {
  const [id, count, min, max] = ["ID", "COUNT", "MIN", "MAX"].map((what) => number(env, `SLURM_ARRAY_TASK_${what}`));
  if (parts !== undefined && count !== parts) {
    // Some tasks of a larger array, submitted again: which parts they are cannot be told from their numbers.
    throw new UsageError(
      `--shard: the array has ${count} tasks, not ${parts}; give the part itself, such as --shard "$SLURM_ARRAY_TASK_ID/${parts}"`,
    );
  }
  const step = count === 1 ? 1 : (max - min) / (count - 1);
  const place = (id - min) / step;
  if (!Number.isInteger(step) || !Number.isInteger(place)) {
    throw new UsageError(
      "--shard: the numbers of this array's tasks do not follow each other at equal steps; give i/n",
    );
  }
  return { index: place + 1, of: count };
}

function ofKubernetes(env: Environment, parts: number | undefined): Shard {
  const index = number(env, "JOB_COMPLETION_INDEX");
  if (parts === undefined && env["JOB_COMPLETIONS"] === undefined) {
    throw new UsageError("--shard: Kubernetes does not say how many parts there are; give /n, or set JOB_COMPLETIONS");
  }
  const of = parts ?? number(env, "JOB_COMPLETIONS");
  if (index < of) return { index: index + 1, of };
  throw new UsageError(`--shard: JOB_COMPLETION_INDEX is ${index}; with ${of} parts it is at most ${of - 1}`);
}
