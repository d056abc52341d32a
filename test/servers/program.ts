import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whom servers run as: PostgreSQL refuses to be root. */
interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Undefined where this process is nobody special: servers run as the same user then. */
function unprivileged(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = ["-u", "-g"].map((what) => Number(spawnSync("id", [what, name], { encoding: "utf8" }).stdout));
    if (uid > 0 && gid > 0) return { uid, gid };
  }
  throw new Error("no unprivileged user to run servers as");
}

const account = unprivileged();

/** A new folder that belongs to the servers' account. */
export function serverFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `groklab-${name}-`));
  chmodSync(folder, 0o700);
  giveAway(folder);
  return folder;
}

/** Makes a file the servers' own. */
export function giveAway(path: string): void {
  if (account) chownSync(path, account.uid, account.gid);
}

/** A program of the servers' account, to its end. @throws Error with what it said */
export function runAs(program: string, args: readonly string[]): void {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8", cwd: "/", ...account });
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? ""}${stdout}${stderr}`);
}

/** A port of the loopback interface that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** Whether something listens there. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

export interface Running {
  readonly process: ChildProcess;
  /** What it wrote, for the message of a failure. */
  said(): string;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
}

/**
 * Starts a server. It cannot outlive this process, however that ends: a guard kills it when the pipe to it closes.
 * @param folder removed by the guard
 */
export function startServer(program: string, args: readonly string[], folder: string): Running {
  const child = spawn(program, args, { cwd: "/", stdio: ["ignore", "pipe", "pipe"], ...account });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (text = (text + part).slice(-4000)));
  child.on("error", (error) => (text += error.message));
  const endGuard = child.pid === undefined ? () => undefined : guard(child.pid, folder);
  const ended = new Promise<void>((resolve) =>
    child.once("close", () => {
      endGuard();
      resolve();
    }),
  );
  return { process: child, said: () => text, ended };
}

/** At the latest after this many seconds a server ends, whatever hangs. */
const longestSeconds = 1500;

/** @returns what ends the guard, once the server has ended */
function guard(pid: number, folder: string): () => void {
  const script =
    `limit=$(command -v timeout) && limit="$limit ${longestSeconds}"; $limit cat >/dev/null; ` +
    `kill -9 ${pid}; sleep 1; rm -rf "$1"`;
  const watcher = spawn("sh", ["-c", script, "sh", folder], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  watcher.unref();
  (watcher.stdin as unknown as { unref(): void }).unref();
  watcher.stdin.on("error", () => undefined);
  return () => {
    // The whole group: `cat` would wait on.
    if (watcher.pid !== undefined) process.kill(-watcher.pid, "SIGKILL");
  };
}

/** Asks again until it holds. @throws Error with the server's own words after a minute, or once the server has ended */
export async function until(holds: () => Promise<boolean>, server: Running): Promise<void> {
  const { process: child } = server;
  for (let waited = 0; waited < 60_000; waited += 50) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the server did not start: ${server.said()}`);
}
