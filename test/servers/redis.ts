import { rmSync } from "node:fs";
import { join } from "node:path";
import { findServer } from "../../scripts/lib/servers.mjs";
import { freePort, listens, type Running, serverFolder, startServer, until } from "./program.ts";

/** A Redis of the tests' own: loopback only, a password, a port that was free, every write on the disk at once. */
export interface RedisServer {
  readonly port: number;
  readonly password: string;
  /** `redis://:password@127.0.0.1:port/0` */
  readonly url: string;
  /** `kill -9`. What was answered is found again by `start`. */
  kill(): Promise<void>;
  /** Again, with the same port and data. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

/** @throws Error with Redis' words where it does not start */
export async function startRedis(): Promise<RedisServer> {
  const program = findServer("redis-server");
  if (program === undefined) throw new Error("Redis is not installed");
  const folder = serverFolder("redis");
  const password = `pw-${globalThis.crypto.randomUUID()}`;
  const port = await freePort();
  const flags = {
    ...{ port: String(port), bind: "127.0.0.1", dir: folder, save: "", requirepass: password },
    ...{ appendonly: "yes", appendfsync: "always", "maxmemory-policy": "noeviction", pidfile: join(folder, "pid") },
  };
  let running: Running | undefined;

  async function start(): Promise<void> {
    running = startServer(program!, Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]), folder); // prettier-ignore
    await until(() => listens(port), running);
  }
  async function stop(signal: NodeJS.Signals): Promise<void> {
    running?.process.kill(signal);
    await running?.ended;
    running = undefined;
  }

  await start();
  return {
    ...{ port, password, start },
    url: `redis://:${password}@127.0.0.1:${port}/0`,
    kill: () => stop("SIGKILL"),
    async remove() {
      await stop("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
