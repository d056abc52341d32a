import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { findServer } from "../../scripts/lib/servers.mjs";
import { freePort } from "./program.ts";

/** A SLURM of one node of the tests' own: loopback only, ports that were free, its own key. */
export interface SlurmCluster {
  /** For SLURM's commands. */
  readonly env: NodeJS.ProcessEnv;
  /** A command such as `sbatch`, to its end. @returns what it said */
  command(name: string, ...args: readonly string[]): string;
  /** Ends everything and removes its files. */
  remove(): Promise<void>;
}

/** Seconds after which everything ends, whatever hangs. */
const longestSeconds = 900;

/** @throws Error with SLURM's words where it does not start */
export async function startSlurm(): Promise<SlurmCluster> {
  const programs = (["munged", "slurmctld", "slurmd"] as const).map((name) => findServer(name));
  const [munged, slurmctld, slurmd] = programs;
  if (munged === undefined || slurmctld === undefined || slurmd === undefined)
    throw new Error("SLURM is not installed");
  const folder = mkdtempSync(join(tmpdir(), "groklab-slurm-"));
  chmodSync(folder, 0o755); // munge refuses a socket that others cannot reach
  const at = (name: string) => join(folder, name);
  for (const name of ["state", "spool"]) mkdirSync(at(name));
  writeFileSync(at("munge.key"), globalThis.crypto.getRandomValues(new Uint8Array(1024)), { mode: 0o400 });
  const conf = at("slurm.conf");
  writeFileSync(conf, configuration(folder, await freePort(), await freePort()));
  const env = { ...process.env, SLURM_CONF: conf };
  const started: ChildProcess[] = [];
  let said = "";
  const start = (program: string, args: readonly string[]): void => {
    const limited = ["--signal=KILL", String(longestSeconds), program, ...args];
    const child = spawn("timeout", limited, { env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (said = (said + part).slice(-4000)));
    started.push(child);
  };
  const command = (name: string, ...args: readonly string[]): string =>
    execFileSync(name, args, { env, encoding: "utf8", cwd: folder, stdio: ["ignore", "pipe", "pipe"] });

  const socket = ["--socket", at("munge.socket"), "--key-file", at("munge.key"), "--pid-file", at("munged.pid")];
  start(munged, [
    "--foreground",
    "--force",
    ...socket,
    "--seed-file",
    at("munge.seed"),
    "--log-file",
    at("munged.log"),
  ]);
  start(slurmctld, ["-D", "-f", conf]);
  start(slurmd, ["-D", "-f", conf, "-N", "node1"]);
  const remove = async (): Promise<void> => {
    for (const child of started.reverse()) {
      const ended = new Promise((resolve) => child.once("close", resolve));
      if (child.exitCode === null)
        child.kill("SIGTERM"); // timeout hands it on
      else continue;
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 10_000))]);
    }
    rmSync(folder, { recursive: true, force: true });
  };
  for (let waited = 0; ; waited += 250) {
    try {
      if (/idle/.test(command("sinfo", "--noheader", "--format", "%T"))) break;
    } catch {
      // not answering yet
    }
    if (waited > 90_000) {
      await remove();
      throw new Error(`SLURM did not start: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return { env, command, remove };
}

function configuration(folder: string, controllerPort: number, nodePort: number): string {
  const [host, user] = [hostname(), userInfo().username];
  const at = (name: string) => join(folder, name);
  const settings = {
    ...{
      ClusterName: "groklab",
      SlurmctldHost: `${host}(127.0.0.1)`,
      SlurmctldPort: controllerPort,
      SlurmdPort: nodePort,
    },
    ...{ AuthType: "auth/munge", AuthInfo: `socket=${at("munge.socket")}`, CredType: "cred/munge" },
    ...{ SlurmUser: user, SlurmdUser: user, StateSaveLocation: at("state"), SlurmdSpoolDir: at("spool") },
    ...{ SlurmctldPidFile: at("slurmctld.pid"), SlurmdPidFile: at("slurmd.pid") },
    ...{ SlurmctldLogFile: at("slurmctld.log"), SlurmdLogFile: at("slurmd.log") },
    ...{ ProctrackType: "proctrack/linuxproc", TaskPlugin: "task/none", JobAcctGatherType: "jobacct_gather/none" },
    ...{ MpiDefault: "none", ReturnToService: 2, SelectType: "select/cons_tres", SelectTypeParameters: "CR_Core" },
    ...{ SchedulerParameters: "batch_sched_delay=0,sched_min_interval=100000", KillWait: 5 },
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  const cpus = Math.min(4, availableParallelism());
  return `${lines.join("\n")}
NodeName=node1 NodeHostname=${host} NodeAddr=127.0.0.1 CPUs=${cpus} State=UNKNOWN
PartitionName=all Nodes=node1 Default=YES MaxTime=INFINITE State=UP
`;
}
