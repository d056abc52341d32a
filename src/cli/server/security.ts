import type { Context, MiddlewareHandler } from "hono";
import { timingSafeEqual } from "node:crypto";

/** Names by which a page of this machine alone calls it. */
const loopbackNames = ["127.0.0.1", "localhost", "[::1]"];

/** The hosts that a request may be sent to, and the origins that it may come from. */
export function loopbackAddresses(port: number): {
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
} {
  // A browser leaves the port out where it is the scheme's own.
  const hosts = loopbackNames.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
  return { hosts, origins: hosts.map((host) => `http://${host}`) };
}

/** What the page may load and do: its own files, its own workers, WebAssembly. Nothing from elsewhere, no frames. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  // Figures carry style attributes.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Headers of every answer. Isolation lets the page share memory between its threads. */
const headers: Readonly<Record<string, string>> = {
  "content-security-policy": contentSecurityPolicy,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
};

/**
 * Refuses what another site might send: a request under a foreign name (which a name server could point at this machine)
 * or from a foreign page. Whatever the answer, it carries the headers.
 */
export function guard(port: () => number): MiddlewareHandler {
  return async (context, next) => {
    const { hosts, origins } = loopbackAddresses(port());
    const host = context.req.header("host")?.toLowerCase() ?? "";
    const origin = context.req.header("origin");
    const site = context.req.header("sec-fetch-site");
    if (!hosts.includes(host)) context.res = refused(context, "this server answers to its loopback address only");
    else if (origin !== undefined && !origins.includes(origin)) context.res = refused(context, "not from another site");
    else if (site !== undefined && !["same-origin", "none"].includes(site) && !navigates(context)) {
      context.res = refused(context, "not from another site");
    } else await next();
    for (const [name, value] of Object.entries(headers)) context.res.headers.set(name, value);
  };
}

/** A link from elsewhere may open the page itself, which carries no data of its own. */
const navigates = (context: Context): boolean =>
  context.req.header("sec-fetch-mode") === "navigate" && !context.req.path.startsWith("/api");

const refused = (context: Context, why: string): Response => context.json({ error: why }, 403);

/** A request that changes something: from this server's own page, with the token that only that page was told. */
export function mayChange(context: Context, token: string): boolean {
  if (context.req.header("origin") === undefined && context.req.header("sec-fetch-site") !== "same-origin")
    return false;
  const given = Buffer.from(context.req.header("x-groklab-token") ?? "");
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
