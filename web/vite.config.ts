import { svelte } from "@sveltejs/vite-plugin-svelte";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** A plain single-page app of files that any static host serves, from its root or below a path. */
export default defineConfig({
  root: here("."),
  base: "./",
  plugins: [svelte()],
  worker: { format: "es" },
  build: {
    outDir: here("../dist/web"),
    emptyOutDir: true,
    target: "es2022",
    // Text of the sources' licences belongs to the package; the page's own chunks are small enough to read.
    chunkSizeWarningLimit: 400,
  },
});
