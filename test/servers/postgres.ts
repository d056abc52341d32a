import { createConnection } from "node:net";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findServer } from "../../scripts/lib/servers.mjs";
import { freePort, giveAway, type Running, runAs, serverFolder, startServer, until } from "./program.ts";

/** A PostgreSQL of the tests' own: loopback only, a password, a port that was free. */
export interface PostgresServer {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** `postgres://user:password@127.0.0.1:port/postgres`, or of another database. */
  url(database?: string): string;
  /** The certificate that its own is checked with; undefined without TLS. */
  readonly certificate: string | undefined;
  /** A new empty database. @returns its URL */
  newDatabase(): Promise<string>;
  /** `kill -9`, as a crash would. Data that was committed is found again by `start`. */
  kill(): Promise<void>;
  /** Ends it in order, as an administrator's restart does: connections are closed with a message. */
  end(): Promise<void>;
  /** Again, with the same port and data. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

export interface PostgresOptions {
  /** Lines of postgresql.conf. */
  readonly settings?: readonly string[];
  /** With a certificate of its own making, for connections that ask for TLS. */
  readonly tls?: boolean;
}

/** @throws Error with PostgreSQL's words where it does not start */
export async function startPostgres({ settings = [], tls = false }: PostgresOptions = {}): Promise<PostgresServer> {
  const [postgres, initdb] = (["postgres", "initdb"] as const).map((name) => findServer(name));
  if (postgres === undefined || initdb === undefined) throw new Error("PostgreSQL is not installed");
  const folder = serverFolder("postgres");
  const data = join(folder, "data");
  const user = "groklab";
  const password = `pw-${globalThis.crypto.randomUUID()}`;
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, `${password}\n`);
  giveAway(passwordFile);
  const account = ["--username", user, "--pwfile", passwordFile, "--auth", "scram-sha-256"];
  runAs(initdb, ["--pgdata", data, ...account, "--no-sync", "--locale", "C", "--encoding", "UTF8"]);
  const port = await freePort();
  const lines = [
    `port = ${port}`,
    "listen_addresses = '127.0.0.1'",
    "unix_socket_directories = ''",
    "shared_buffers = 64MB",
    "max_connections = 60",
    // A process that is killed loses nothing that it gave to the system; only a machine's power cut would.
    "fsync = off",
    ...(tls ? certificate(folder) : []),
    ...settings,
  ];
  writeFileSync(join(data, "postgresql.auto.conf"), `${lines.join("\n")}\n`);
  giveAway(join(data, "postgresql.auto.conf"));

  let running: Running | undefined;
  const url = (database = "postgres") => `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;

  async function start(): Promise<void> {
    // After a kill the old processes may hold the shared memory a moment longer.
    for (let attempt = 1; ; attempt++) {
      running = startServer(postgres!, ["-D", data], folder);
      try {
        return await until(() => answers(port), running);
      } catch (error) {
        await stop("SIGKILL");
        if (attempt === 20) throw error;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
  }

  async function stop(signal: NodeJS.Signals): Promise<void> {
    running?.process.kill(signal);
    await running?.ended;
    running = undefined;
  }

  let databases = 0;
  async function newDatabase(): Promise<string> {
    const { default: pg } = await import("pg");
    const client = new pg.Client({ connectionString: url() });
    await client.connect();
    const name = `test_${++databases}`;
    try {
      await client.query(`create database ${name}`);
    } finally {
      await client.end();
    }
    return url(name);
  }

  await start();
  return {
    ...{ port, user, password, url, newDatabase, start },
    certificate: tls ? join(folder, "server.crt") : undefined,
    kill: () => stop("SIGKILL"),
    // "Fast shutdown": does not wait for anybody's connection to end.
    end: () => stop("SIGINT"),
    async remove() {
      await stop("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whether it takes connections already: it answers a request for TLS with a letter, and while it recovers with an error. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1");
    const done = (found: boolean) => {
      socket.destroy();
      resolve(found);
    };
    socket.once("error", () => done(false));
    // The start of a session of a user who does not exist: it is asked for a password only by a server that is ready.
    const text = Buffer.from("user\0nobody\0database\0postgres\0\0");
    const head = Buffer.alloc(8);
    head.writeInt32BE(8 + text.length, 0);
    head.writeInt32BE(196_608, 4);
    socket.once("connect", () => socket.write(Buffer.concat([head, text])));
    socket.once("data", (reply) => done(String.fromCharCode(reply[0]) === "R"));
    socket.once("close", () => done(false));
  });
}

/** Self-signed, for 127.0.0.1 and localhost. @returns the lines of the configuration */
function certificate(folder: string): readonly string[] {
  const [key, cert] = [join(folder, "server.key"), join(folder, "server.crt")];
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"];
  runAs("openssl", ["req", ...kind, "-keyout", key, "-out", cert, ...names]);
  return ["ssl = on", `ssl_key_file = '${key}'`, `ssl_cert_file = '${cert}'`];
}
