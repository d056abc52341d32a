import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** One process, told apart from all others that a shared folder may see. */
export interface ProcessIdentity {
  readonly host: string;
  /** Machine, boot and process namespace: only where these agree does a process number mean the same process. */
  readonly place: string;
  readonly pid: number;
  /** When the process started, in the system's own unit: process numbers are used again. Empty where unknown. */
  readonly start: string;
}

const orEmpty = (read: () => string): string => {
  try {
    return read().trim();
  } catch {
    return ""; // not Linux
  }
};

/**
 * Fields 3 (state) and 22 (start) of /proc/<pid>/stat, counted behind the command's name, which may hold spaces and
 * brackets.
 */
function statOf(pid: number): { state: string; start: string } {
  const stat = orEmpty(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", start: fields[19] ?? "" };
}

export function thisProcess(): ProcessIdentity {
  const boot = orEmpty(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8"));
  const namespace = orEmpty(() => readlinkSync("/proc/self/ns/pid"));
  return {
    host: hostname(),
    place: [hostname(), boot, namespace].join(" "),
    pid: process.pid,
    start: statOf(process.pid).start,
  };
}

/** Whether another process still lives; `unknown` on another machine, and where its number may have been used again. */
export function liveness(other: ProcessIdentity, here: ProcessIdentity): "alive" | "gone" | "unknown" {
  if (other.place !== here.place) return "unknown";
  if (other.pid === here.pid) return other.start === here.start ? "unknown" : "gone";
  if (!exists(other.pid)) return "gone";
  const { state, start } = statOf(other.pid);
  if (state === "Z" || state === "X") return "gone"; // killed, and not yet forgotten by the process that started it
  if (start === "" || other.start === "") return "unknown";
  return start === other.start ? "alive" : "gone";
}

/** Whether any process of this machine has this number now. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM"; // it lives, and is another user's
  }
}
