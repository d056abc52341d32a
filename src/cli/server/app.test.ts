import { beforeEach, describe, expect, it } from "vitest";
import { checkpointAt, evalAt, planOf } from "../../../test/store/samples.ts";
import { memoryStore } from "../../runs/memory-store.ts";
import { evalFromJson } from "../../runs/series.ts";
import type { Claim, Store } from "../../runs/store.ts";
import { decodeSafetensors } from "../../tensor/formats/safetensors.ts";
import { serverApp } from "./app.ts";
import type { PageFile } from "./page-files.ts";

const file = (text: string, type: string): PageFile => ({
  type,
  lasting: type === "text/javascript",
  read: () => new TextEncoder().encode(text),
});
const page = new Map([
  ["/index.html", file("<html><head></head></html>", "text/html")],
  ["/assets/a.js", file("1", "text/javascript")],
]);
const host = "127.0.0.1:4715";
const token = "secret";

let store: Store;
let claim: Claim;
let app: ReturnType<typeof serverApp>;
const ask = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  app.request(`http://${host}${path}`, { method, headers: { host, ...headers } });
const remove = (headers: Record<string, string>) => ask("/api/runs/a-s0", headers, "DELETE");

beforeEach(async () => {
  store = memoryStore();
  claim = await store.claim("a-s0", planOf());
  await store.append(claim, [evalAt(0), evalAt(10, NaN)]);
  await store.saveCheckpoint(claim, checkpointAt(10));
  app = serverApp({ store, page, token, port: () => 4715, lookEvery: 1 });
});

describe("the server of the web app", () => {
  it("gives the page with the token, and its files with their types", async () => {
    const index = await ask("/");
    expect(await index.text()).toContain('<meta name="groklab-api" content="secret" />');
    expect(index.headers.get("cache-control")).toBe("no-cache");
    const script = await ask("/assets/a.js");
    expect(script.headers.get("content-type")).toBe("text/javascript");
    expect(script.headers.get("cache-control")).toContain("immutable");
  });

  it.each(["/", "/assets/a.js", "/api/about", "/nothing", "/api/runs/zzz"])(
    "isolates every answer: %s",
    async (path) => {
      const { headers } = await ask(path);
      expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
      expect(headers.get("cross-origin-embedder-policy")).toBe("require-corp");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    },
  );

  it("tells runs, evaluations with NaN, checkpoints and weights", async () => {
    expect(await (await ask("/api/runs")).json()).toMatchObject([{ id: "a-s0", status: "running" }]);
    expect(await (await ask("/api/runs/a-s0")).json()).toMatchObject({ id: "a-s0", plan: { seed: 0 } });
    const rows = (await (await ask("/api/runs/a-s0/evals")).json()) as unknown[];
    expect(rows.map((row) => evalFromJson(JSON.stringify(row)))).toEqual([evalAt(0), evalAt(10, NaN)]);
    expect(await (await ask("/api/runs/a-s0/checkpoints")).json()).toEqual([10]);
    const weights = await (await ask("/api/runs/a-s0/checkpoints/10")).arrayBuffer();
    const { params, state } = checkpointAt(10);
    expect(decodeSafetensors(new Uint8Array(weights)).arrays).toEqual({
      "params/embed.W_E": params["embed.W_E"],
      "state/m.embed.W_E": state["m.embed.W_E"],
    });
  });

  it("tells sweeps", async () => {
    expect(await (await ask("/api/sweeps")).json()).toEqual([]);
    expect((await ask("/api/sweeps/none")).status).toBe(404);
  });

  it.each([
    ["another name for this machine", { host: "groklab.example:4715" }],
    ["another port", { host: "127.0.0.1:80" }],
    ["no name", { host: "" }],
    ["a page of another site", { origin: "https://example.org" }],
    ["a page of another port", { origin: "http://127.0.0.1:9999" }],
    ["a page without an origin", { origin: "null" }],
    ["an image on another site", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }],
    ["a link of another site, to the data", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }],
  ])("refuses %s", async (_, headers) => {
    for (const path of ["/api/runs", "/api/about", "/api/updates"]) {
      expect((await ask(path, headers as Record<string, string>)).status).toBe(403);
    }
  });

  it("answers to localhost, to its own page, and to a link that opens the page", async () => {
    expect((await ask("/api/runs", { host: "localhost:4715", origin: "http://localhost:4715" })).status).toBe(200);
    expect((await ask("/", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" })).status).toBe(200);
  });

  it.each([
    "/../package.json",
    "/..%2f..%2fetc%2fpasswd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/assets/..%5c..%5cindex.html",
    "/assets/%00a.js",
    "/assets",
    "/constructor",
    "/__proto__",
  ])("serves nothing outside its files: %s", async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toBe('{"error":"there is nothing at this address"}');
  });

  it.each([
    ["/api/runs/..%2fa", 400],
    ["/api/runs/.hidden", 400],
    ["/api/runs/a%00b", 400],
    [`/api/runs/${"x".repeat(300)}`, 400],
    ["/api/runs/unknown-s0", 404],
    ["/api/runs/a-s0/checkpoints/1e3", 400],
    ["/api/runs/a-s0/checkpoints/-1", 400],
    ["/api/runs/a-s0/checkpoints/11", 400],
    ["/api/runs?status=dancing", 400],
    ["/api/runs?label=%3Cscript%3E", 400],
    ["/api/runs?limit=-1", 400],
    ["/api/runs?order=up", 400],
    ["/api/else", 404],
  ])("checks what it is asked: %s", async (path, status) => {
    const answer = await ask(path);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toContain("application/json");
  });

  it("deletes for its own page with the token only, and never a run that is being trained", async () => {
    const origin = `http://${host}`;
    expect((await remove({})).status).toBe(403);
    expect((await remove({ "x-groklab-token": token })).status).toBe(403);
    expect((await remove({ origin })).status).toBe(403);
    expect((await remove({ origin, "x-groklab-token": "secreT" })).status).toBe(403);
    expect((await remove({ origin: "https://example.org", "x-groklab-token": token })).status).toBe(403);
    expect((await remove({ origin, "x-groklab-token": token })).status).toBe(409);
    expect(await store.find("a-s0")).toBeDefined();
    await store.release(claim);
    expect((await remove({ origin, "x-groklab-token": token })).status).toBe(200);
    expect(await store.find("a-s0")).toBeUndefined();
    expect((await remove({ origin, "x-groklab-token": token })).status).toBe(404);
  });

  it("changes nothing by any other way of asking", async () => {
    for (const method of ["POST", "PUT", "PATCH"]) {
      const answer = await ask("/api/runs/a-s0", { origin: `http://${host}`, "x-groklab-token": token }, method);
      expect(answer.status).toBe(404);
    }
  });

  it("tells a page what changes while it listens", async () => {
    const reader = (await ask("/api/updates")).body!.getReader();
    const until = async (text: string): Promise<string> => {
      let heard = "";
      while (!heard.includes(text)) heard += new TextDecoder().decode((await reader.read()).value);
      return heard;
    };
    await until("event: alive");
    await store.append(claim, [evalAt(20)]);
    expect(await until('"step":20')).toContain("event: runs");
    await store.finish(claim, { status: "finished", seconds: 1 });
    await until('"status":"finished"');
    await reader.cancel();
  });

  it("tells nothing of this machine when the store fails", async () => {
    store.list = () => Promise.reject(new Error("/secret/place broke"));
    const answer = await ask("/api/runs");
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain("secret/place");
  });
});
