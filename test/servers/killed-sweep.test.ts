import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openStore } from "../../src/runs/open-store.ts";
import { newFolder } from "../store/folders.ts";
import { root } from "../tree.ts";
import { describeWithServers } from "./available.ts";
import { type PostgresServer, startPostgres } from "./postgres.ts";

const main = join(root, "dist/src/cli/main.js");
const sweep = ["sweep", "quick", "--seeds", "0-3", "--workers", "2"];

interface Called {
  readonly process: ChildProcess;
  /** Resolves with the exit code and what was written to standard error. */
  readonly end: Promise<{ readonly code: number | null; readonly said: string }>;
  /** Resolves once this has been written to standard error, or the process has ended. */
  heard(text: RegExp): Promise<void>;
}

/** The built command line, in a process of its own: threads load built code only. */
function groklab(args: readonly string[], env: Readonly<Record<string, string>> = {}): Called {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...env },
  });
  let said = "";
  child.stderr.on("data", (part) => (said += part));
  const end = new Promise<{ code: number | null; said: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, said })),
  );
  const heard = async (text: RegExp) => {
    while (!text.test(said) && child.exitCode === null && child.signalCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { process: child, end, heard };
}

async function hashes(where: string): Promise<readonly string[]> {
  const store = await openStore(where);
  const runs = await store.list();
  await store.close();
  return runs.map(({ id, status, weightsHash }) => `${id} ${status} ${weightsHash}`).sort();
}

describeWithServers("groklab sweep on PostgreSQL", ["postgres", "initdb"], () => {
  let server: PostgresServer;
  beforeAll(async () => {
    expect(existsSync(main), "npm run build makes what this test starts").toBe(true);
    server = await startPostgres();
  });
  afterAll(() => server.remove());

  it("ends in the hashes of a local one, whether the server or the sweep itself is killed on the way", async () => {
    const folder = join(newFolder(), "local");
    mkdirSync(folder);
    expect(await groklab([...sweep, "--store", folder]).end).toMatchObject({ code: 0 });
    const local = await hashes(folder);
    expect(local).toHaveLength(4);

    const address = await server.newDatabase();
    const bare = address.replace(`:${server.password}`, "");
    const onServer = [...sweep, "--store", bare];
    const env = { PGPASSWORD: server.password };
    // A second process begins the same sweep: no run is trained by both.
    const first = groklab(onServer, env);
    const second = groklab(onServer, env);
    await first.heard(/1\/4/);
    await server.kill();
    await server.start();
    const ends = await Promise.all([first.end, second.end]);
    expect(ends.map(({ code }) => code), ends.map(({ said }) => said).join("\n")).toEqual([0, 0]); // prettier-ignore
    expect(await hashes(address)).toEqual(local);

    const again = await server.newDatabase();
    const killed = groklab([...sweep, "--store", again]);
    await killed.heard(/1\/4/);
    killed.process.kill("SIGKILL");
    await killed.end;
    const left = await hashes(again);
    expect(left).not.toEqual(local);
    const { code, said } = await groklab([...sweep, "--store", again]).end;
    expect(code, said).toBe(0);
    expect(await hashes(again)).toEqual(local);
  });
});
