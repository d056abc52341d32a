import { svelte } from "@sveltejs/vite-plugin-svelte";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** KaTeX names each font in three formats; every browser that runs the app takes the first, and the others stay at home. */
const woff2Only: Plugin = {
  name: "woff2-only",
  enforce: "pre",
  transform: (code, id) =>
    id.includes("katex") && id.endsWith(".css")
      ? code.replace(/,url\([^)]*\.(?:woff|ttf)\) format\("[^"]*"\)/g, "")
      : undefined,
};

/** A plain single-page app of files that any static host serves, from its root or below a path. */
export default defineConfig({
  root: here("."),
  base: "./",
  plugins: [woff2Only, svelte()],
  worker: { format: "es" },
  build: {
    outDir: here("../dist/web"),
    emptyOutDir: true,
    target: "es2022",
    // A font within a style sheet would need a rule of its own in the content security policy.
    assetsInlineLimit: 0,
    // Text of the sources' licences belongs to the package; the page's own chunks are small enough to read.
    chunkSizeWarningLimit: 400,
  },
});
