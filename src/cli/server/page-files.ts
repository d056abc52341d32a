import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure } from "../failures.ts";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".png": "image/png",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

export interface PageFile {
  readonly type: string;
  /** Its name holds a hash of its content: it never changes. */
  readonly lasting: boolean;
  read(): Uint8Array<ArrayBuffer>;
}

/** The folder of the built app: beside the built command line, or in dist where the sources run. @throws Failure */
export function pageFolder(): string {
  const candidates = ["../../../web/", "../../../dist/web/"].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const found = candidates.find(
    (folder) => existsSync(join(folder, "assets")) && existsSync(join(folder, "index.html")),
  );
  if (found === undefined) throw new Failure("open: the web app is not built; in a clone, npm run build makes it");
  return found;
}

/**
 * The files of a folder by the path of their address. Only what is listed here is ever read: no address, however it is
 * written, leads out of the folder.
 */
export function pageFiles(folder: string): ReadonlyMap<string, PageFile> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const path = `/${relative(folder, file).split(sep).join("/")}`;
      const type = types[extname(file)] ?? "application/octet-stream";
      return [path, { type, lasting: path.startsWith("/assets/"), read: () => new Uint8Array(readFileSync(file)) }];
    }),
  );
}

/** The page, told that it is served beside a store: with the token that its changes must carry. */
export function pageWithToken(html: string, token: string): string {
  return html.replace("</head>", `  <meta name="groklab-api" content="${token}" />\n  </head>`);
}
