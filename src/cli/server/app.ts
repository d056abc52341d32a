import { Hono, type Context } from "hono";
import { UsageError } from "../../options.ts";
import { BusyError, DamagedError } from "../../runs/errors.ts";
import { checkedId } from "../../runs/run-row.ts";
import { evalToJson } from "../../runs/series.ts";
import { version } from "../../runs/software.ts";
import type { RunQuery, RunStatus, Store } from "../../runs/store.ts";
import { encodeSafetensors } from "../../tensor/formats/safetensors.ts";
import type { NamedArrays } from "../../tensor/index.ts";
import { labels } from "../../verdict/index.ts";
import { pageWithToken, type PageFile } from "./page-files.ts";
import { guard, mayChange } from "./security.ts";
import { updates } from "./updates.ts";

export interface ServerOptions {
  readonly store: Store;
  readonly page: ReadonlyMap<string, PageFile>;
  /** What a change must carry; the page is told. */
  readonly token: string;
  /** The port that is listened on, once it is known. */
  readonly port: () => number;
  /** Milliseconds between two looks at the store, while a page listens. */
  readonly lookEvery?: number;
}

const statuses: readonly RunStatus[] = ["running", "stopped", "finished", "diverged", "failed"];

/** The app's files and what is stored, for pages of this machine. Reads; the one change is deleting a run. */
export function serverApp({ store, page, token, port, lookEvery }: ServerOptions): Hono {
  const app = new Hono();
  app.use(guard(port));
  app.onError((error, context) => failed(context, error));
  app.notFound((context) => context.json({ error: "there is nothing at this address" }, 404));

  app.use("/api/*", async (context, next) => {
    await next();
    context.header("cache-control", "no-store");
  });
  app.get("/api/about", (context) => context.json({ version, store: store.where }));
  app.get("/api/runs", async (context) => context.json(await store.list(queryOf(context))));
  app.get("/api/runs/:id", async (context) => {
    const record = await store.find(idOf(context));
    return record ? context.json(record) : absent(context);
  });
  app.get("/api/runs/:id/evals", async (context) => {
    const id = idOf(context);
    if (!(await store.find(id))) return absent(context);
    // As rows, because JSON's own numbers know no NaN.
    const rows = (await store.evals(id)).map(evalToJson);
    return context.body(`[${rows.join(",\n")}]`, 200, { "content-type": "application/json" });
  });
  app.get("/api/runs/:id/checkpoints", async (context) => {
    const id = idOf(context);
    return (await store.find(id)) ? context.json(await store.checkpoints(id)) : absent(context);
  });
  app.get("/api/runs/:id/checkpoints/:step", async (context) => {
    const id = idOf(context);
    const record = await store.find(id);
    if (!record) return absent(context);
    const { step, params, state } = await store.loadCheckpoint(id, wholeNumber(context.req.param("step"), "step"));
    const metadata = { run: id, step: String(step), plan: JSON.stringify(record.plan) };
    const arrays = { ...prefixed("params/", params), ...prefixed("state/", state) };
    const bytes = new Uint8Array(encodeSafetensors(arrays, metadata));
    return context.body(bytes, 200, { "content-type": "application/octet-stream" });
  });
  app.get("/api/sweeps", async (context) => context.json(await store.listSweeps()));
  app.get("/api/sweeps/:id", async (context) => {
    const sweep = await store.findSweep(idOf(context));
    return sweep ? context.json(sweep) : absent(context);
  });
  app.get("/api/updates", (context) => updates(context, store, lookEvery));
  app.delete("/api/runs/:id", async (context) => {
    if (!mayChange(context, token)) return context.json({ error: "only this server's own page may delete" }, 403);
    const id = idOf(context);
    if (!(await store.find(id))) return absent(context);
    await store.delete(id);
    return context.json({ deleted: id });
  });
  app.all("/api/*", (context) => context.json({ error: "there is nothing at this address" }, 404));

  app.get("*", (context) => {
    const path = context.req.path === "/" ? "/index.html" : context.req.path;
    const file = page.get(path);
    if (!file) return context.notFound();
    if (path === "/index.html") {
      context.header("cache-control", "no-cache");
      return context.html(pageWithToken(new TextDecoder().decode(file.read()), token));
    }
    const caching = file.lasting ? "max-age=31536000, immutable" : "no-cache";
    return context.body(file.read(), 200, { "content-type": file.type, "cache-control": caching });
  });
  return app;
}

/** Weights and the optimizer's state in one file: what training needs to go on. */
const prefixed = (prefix: string, arrays: NamedArrays): NamedArrays =>
  Object.fromEntries(Object.entries(arrays).map(([key, array]) => [prefix + key, array]));

/** @throws UsageError for an id that could mean anything but a run */
const idOf = (context: Context): string => checkedId(context.req.param("id") ?? "");

/** @throws UsageError that says what is allowed */
function queryOf(context: Context): RunQuery {
  const known = ["task", "model", "status", "label", "limit"];
  const given = context.req.query();
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) throw new UsageError(`${key.slice(0, 40)}: unknown; known: ${known.join(", ")}`);
  }
  const { task, model, status, label, limit } = given;
  return {
    ...(task !== undefined && { task: name(task, "task") }),
    ...(model !== undefined && { model: name(model, "model") }),
    ...(status !== undefined && { status: oneOf(statuses, status, "status") }),
    ...(label !== undefined && { label: oneOf(labels, label, "label") }),
    ...(limit !== undefined && { limit: wholeNumber(limit, "limit") }),
  };
}

function name(text: string, what: string): string {
  if (/^[a-z0-9-]{1,80}$/i.test(text)) return text;
  throw new UsageError(`${what}: give letters, digits and hyphens`);
}

function oneOf<T extends string>(allowed: readonly T[], text: string, what: string): T {
  const found = allowed.find((each) => each === text);
  if (found !== undefined) return found;
  throw new UsageError(`${what}: give one of ${allowed.join(", ")}`);
}

function wholeNumber(text: string, what: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UsageError(`${what}: give a whole number`);
}

const absent = (context: Context): Response => context.json({ error: "this is not in the store" }, 404);

function failed(context: Context, error: Error): Response {
  if (error instanceof UsageError) return context.json({ error: error.message }, 400);
  if (error instanceof BusyError) return context.json({ error: error.message }, 409);
  if (error instanceof DamagedError) return context.json({ error: error.message }, 500);
  // Paths and stacks of this machine are no page's business.
  return context.json({ error: "the store could not be read" }, 500);
}
