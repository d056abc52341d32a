import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Place } from "../../src/cli/testing/io.ts";
import { tiny, tinyJson } from "../../src/cli/testing/tiny.ts";
import { openStore } from "../../src/runs/open-store.ts";
import { root } from "../tree.ts";
import { describeWithServers } from "./available.ts";
import { type PostgresServer, startPostgres } from "./postgres.ts";
import { ask } from "./sql.ts";

const main = join(root, "dist/src/cli/main.js");

describeWithServers("a password of PostgreSQL", ["postgres", "initdb"], () => {
  let server: PostgresServer;
  let address: string;
  let place: Place;
  beforeAll(async () => {
    server = await startPostgres({ tls: true });
    address = await server.newDatabase();
    place = new Place();
    place.file("tiny.json", tinyJson);
    place.file("mine.json", JSON.stringify({ base: tiny, seeds: "0-2" }));
  });
  afterAll(async () => {
    place.remove();
    await server.remove();
  });
  const bare = () => address.replace(`:${server.password}`, "");

  it("is in nothing that any command prints or stores", async () => {
    const said: string[] = [];
    const call = async (...argv: readonly string[]) => {
      const { code, stdout, stderr } = await place.call(argv);
      said.push(stdout, stderr);
      return { code, stdout, stderr };
    };
    const store = ["--store", address];
    expect(await call("list", "runs", ...store)).toMatchObject({ code: 0 });
    expect(await call("run", "tiny.json", ...store)).toMatchObject({ code: 0 });
    expect(await call("sweep", "mine.json", "--workers", "0", ...store)).toMatchObject({ code: 0 });
    expect(await call("sweep", "mine.json", "--workers", "0", `--store=${address}`, "--json")).toMatchObject({ code: 0 }); // prettier-ignore
    for (const argv of [["list"], ["list", "sweeps"], ["show", "last"], ["show", "mine"], ["show", "mine", "--json"]]) {
      expect(await call(...argv, ...store), argv.join(" ")).toMatchObject({ code: 0 });
    }
    expect(await call("explain", "last", "--out", "explained", ...store)).toMatchObject({ code: 0 });
    said.push(readFileSync(join(place.folder, "explained/report.html"), "utf8"));
    expect(await call("export", "last", "--format", "json", "--out", "run.json", ...store)).toMatchObject({ code: 0 });
    said.push(readFileSync(join(place.folder, "run.json"), "utf8"));
    expect(await call("store", "copy", address, "copied", "--json")).toMatchObject({ code: 0 });
    // Wrong calls and failures, which repeat what was given.
    expect(await call("show", address)).toMatchObject({ code: 2 });
    expect(await call(address)).toMatchObject({ code: 2 });
    expect(await call("show", "last", "--store", `${address}?sslmod=x`)).toMatchObject({ code: 2 });
    expect(await call("show", "last", "--debug", "--store", address.replace(/\d+\/\w+$/, "1/none"))).toMatchObject({ code: 1 }); // prettier-ignore
    const wrong = await call("show", "last", "--debug", "--store", address.replace(server.password, "no-such-secret"));
    expect(wrong).toMatchObject({ code: 1, stdout: "" });
    expect(wrong.stderr).toContain("refuses the password");
    const shown = said.join("\n");
    expect(shown).toContain(bare());
    expect(shown).not.toContain(server.password);
    expect(shown).not.toContain("no-such-secret");
    const [{ command }] = (await ask(address, "select command from groklab.sweeps")) as [{ command: string }];
    expect(command).toBe(`groklab sweep mine.json --workers 0 --store=${bare()} --json`);
    const rows = await Promise.all(["runs", "sweeps", "meta"].map((table) => ask(address, `select * from groklab.${table}`))); // prettier-ignore
    expect(JSON.stringify(rows)).not.toContain(server.password);
    // The checkpoints' own text, as bytes.
    const hex = Buffer.from(server.password).toString("hex");
    const found = await ask(address, `select 1 from groklab.checkpoints where position(decode('${hex}', 'hex') in data) > 0`); // prettier-ignore
    expect(found).toEqual([]);
  });

  it("may come from the environment", async () => {
    process.env["PGPASSWORD"] = server.password;
    try {
      const { code, stdout } = await place.call(["list", "runs", "--store", bare()]);
      expect({ code, lines: stdout.trimEnd().split("\n").length }).toEqual({ code: 0, lines: 4 });
    } finally {
      delete process.env["PGPASSWORD"];
    }
  });

  it("does not stay in the arguments that other users see of a process", async () => {
    if (!existsSync("/proc/self/cmdline")) return;
    expect(existsSync(main), "npm run build makes what this test starts").toBe(true);
    const args = [main, "open", "--no-browser", "--port", "0", "--store", address];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    child.stderr.on("data", (part) => (said += part));
    const ended = new Promise((resolve) => child.once("close", resolve));
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.once("data", (part) => resolve(String(part).trim()));
      child.once("close", () => reject(new Error(said)));
    });
    const title = readFileSync(`/proc/${child.pid}/cmdline`, "utf8");
    expect(title).toContain("groklab open");
    expect(title).not.toContain(server.password);
    const about = await (await fetch(new URL("api/about", url))).text();
    expect(about).toContain(bare());
    expect(about).not.toContain(server.password);
    expect(await (await fetch(new URL("api/runs", url))).json()).toHaveLength(3);
    child.kill("SIGINT");
    expect(await ended).toBe(0);
    expect(said).not.toContain(server.password);
  });

  it("goes over TLS as sslmode asks for it", async () => {
    const { certificate } = server;
    const encrypted = async (query: string) => {
      const store = await openStore(`${address}?application_name=probe&${query}`);
      const rows = await ask(address, "select ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'probe'"); // prettier-ignore
      await store.close();
      return (rows as readonly { ssl: boolean }[]).map(({ ssl }) => ssl);
    };
    expect(await encrypted(`sslmode=verify-full&sslrootcert=${certificate}`)).toEqual([true]);
    expect(await encrypted("sslmode=no-verify")).toEqual([true]);
    expect(await encrypted("sslmode=disable")).toEqual([false]);
    await expect(openStore(`${address}?sslmode=verify-full`)).rejects.toThrow(/no connection as sslmode asks for it/);
    await expect(openStore(`${address}?sslmode=verify-full&sslrootcert=/no/file`)).rejects.toThrow(/no such file/);
  });
});
