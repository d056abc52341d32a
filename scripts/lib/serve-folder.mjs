import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";

/** @type {Readonly<Record<string, string>>} */
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".woff2": "font/woff2",
};

/**
 * Serves a folder as any static host does, on this machine only, below a path: what tests and screenshots look at.
 * @param {string} folder
 * @param {string} below the path, with slashes at both ends
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function serveFolder(folder, below = "/") {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const inside = path.startsWith(below) ? path.slice(below.length) : "..";
    const file = normalize(join(folder, inside === "" ? "index.html" : inside));
    const allowed = file.startsWith(normalize(folder) + sep);
    readFile(allowed ? file : "").then(
      (body) =>
        response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" }).end(body),
      () => response.writeHead(404, { "content-type": "text/plain" }).end("not here"),
    );
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}${below}`, close: () => void server.close() };
}
