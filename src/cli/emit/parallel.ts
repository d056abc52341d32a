import { type ArrayJob, shellWords, whatItDoes } from "./script.ts";

/** Stands for the number of the part: nothing that a command would hold otherwise. */
const part = "@GROKLAB-PART@";

/** A shell script that runs the parts on this machine, or with GNU parallel on several. */
export function parallelScript(job: ArrayJob): string {
  const flags = ["--workers", String(job.workers), "--shard", `${part}/${job.shards}`];
  const command = shellWords([...job.program, ...job.command, ...flags]);
  return `#!/bin/sh
# ${whatItDoes(job)}: sh THIS-FILE [PARTS AT A TIME]
# On several machines that share this folder: PARALLEL='--sshlogin one,two --workdir .' sh THIS-FILE
set -eu
jobs=\${1:-$(nproc 2>/dev/null || echo 1)}
if command -v parallel >/dev/null 2>&1; then
  seq 1 ${job.shards} | parallel --quote --line-buffer --jobs "$jobs" -I ${part} ${command}
else
  seq 1 ${job.shards} | xargs -P "$jobs" -I ${part} ${command}
fi
`;
}
