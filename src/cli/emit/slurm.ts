import { type ArrayJob, jobName, shellWords, whatItDoes } from "./script.ts";

/** A script for `sbatch`: one task of an array for each part. */
export function slurmScript(job: ArrayJob): string {
  const name = jobName(job.chosen);
  return `#!/bin/bash
# ${whatItDoes(job)}. From a folder that all machines share: sbatch THIS-FILE
# A task that is stopped, killed or requeued goes on where it was. Some of them again: sbatch --array=3,7 THIS-FILE
#SBATCH --job-name=${name}
#SBATCH --array=1-${job.shards}
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=${job.workers}
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=${name}-%A_%a.log
# Two minutes before a time limit every run in progress is saved.
#SBATCH --signal=B:TERM@120
set -euo pipefail
exec ${shellWords([...job.program, ...job.command, "--workers", String(job.workers)])} --shard "$SLURM_ARRAY_TASK_ID/${job.shards}"
`;
}
