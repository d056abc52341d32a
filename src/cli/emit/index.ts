import { basename } from "node:path";
import { suggestion, UsageError } from "../../options.ts";
import { defaultStore } from "../../runs/open-store.ts";
import { withoutPassword } from "../../runs/passwords.ts";
import { readText } from "../files.ts";
import type { ChosenSweep, SweepChanges } from "../sweep-choice.ts";
import { kubernetesManifest } from "./kubernetes.ts";
import { parallelScript } from "./parallel.ts";
import { type ArrayJob, checkWords, secretHint } from "./script.ts";
import { slurmScript } from "./slurm.ts";

export const emitted = ["slurm", "kubernetes", "parallel"] as const;

export interface EmitOptions extends SweepChanges {
  readonly kind: string;
  readonly shards?: number | undefined;
  readonly workers?: number | undefined;
  readonly store: string;
  readonly stopWhenDecided?: boolean | undefined;
  readonly retryFailed?: boolean | undefined;
  readonly program: string;
  readonly cwd: string;
}

/** Parts when none are asked for: enough to be spread, few enough to be looked through. */
const defaultShards = 16;

/**
 * A script, ready to be submitted, that trains a sweep in parts. Nothing in it was read from the environment, and no
 * password is written into it.
 * @throws UsageError
 */
export function emitScript(what: string, chosen: ChosenSweep, options: EmitOptions): string {
  const { kind, program, store, seeds, set = [], grid, policy, stopWhenDecided, retryFailed } = options;
  if (!(emitted as readonly string[]).includes(kind)) {
    throw new UsageError(`--emit: ${JSON.stringify(kind.slice(0, 40))} is not allowed; give ${emitted.join(", ")}${suggestion(kind, emitted)}`); // prettier-ignore
  }
  const runs = chosen.expansion.runs.length;
  const shards = options.shards ?? Math.min(defaultShards, runs);
  if (shards < 1 || shards > runs) {
    throw new UsageError(`--shards: ${shards} is not allowed; this sweep has ${runs} runs: give 1 to ${runs}`);
  }
  const workers = options.workers ?? (kind === "parallel" ? 1 : 2);
  if (workers < 1) throw new UsageError("--workers: 0 is not allowed with --emit; give at least 1");
  const place = withoutPassword(store);
  const secret = place !== store;
  const option = (flag: string, value: string | undefined): readonly string[] =>
    value === undefined ? [] : [flag, value];
  const command = [
    ...["sweep", what],
    ...option("--seeds", seeds),
    ...set.flatMap((assignment) => ["--set", assignment]),
    ...option("--grid", grid),
    ...option("--policy", policy),
    ...(stopWhenDecided ? ["--stop-when-decided"] : []),
    ...(retryFailed ? ["--retry-failed"] : []),
    ...(place === defaultStore ? [] : ["--store", place]),
  ];
  checkWords(command);
  const isFile = chosen.declared === undefined && /[./\\]/.test(what);
  const job: ArrayJob = {
    ...{ chosen, program: program.split(" "), command, shards, workers },
    ...(isFile && { file: { name: basename(what), text: readText(what, options.cwd) } }),
  };
  if (kind === "kubernetes") return kubernetesManifest(job, secret);
  const script = kind === "slurm" ? slurmScript(job) : parallelScript(job);
  return secret ? script.replace("\nset -", `\n# ${secretHint}\nset -`) : script;
}
