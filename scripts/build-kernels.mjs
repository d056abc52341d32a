// Compiles src/tensor/kernels (AssemblyScript) to WebAssembly, and wraps the binary as a base64 TypeScript module, the
// one form that Node threads, browser workers and bundlers all load. Skips the work when nothing changed.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = "src/tensor/kernels";
const out = join(root, "src/tensor/kernels.wasm.ts");
// Strict IEEE arithmetic throughout: no fast-math, no relaxed SIMD, so that every engine computes the same bits.
const flags = ["-O3", "--converge", "--noAssert", "--runtime", "stub", "--enable", "simd", "--disable", "bulk-memory"];
flags.push("--importMemory", "--initialMemory", "1", "--use", "abort=");

const sources = readdirSync(join(root, folder), { recursive: true }).filter((file) => String(file).endsWith(".ts"));
const hash = createHash("sha256")
  .update(flags.join(" "))
  .update(readFileSync(fileURLToPath(import.meta.url)));
for (const file of sources.sort()) hash.update(String(file)).update(readFileSync(join(root, folder, String(file))));
const stamp = `// kernels ${hash.digest("hex")}`;

if (!existsSync(out) || !readFileSync(out, "utf8").startsWith(stamp)) {
  const wasm = join(root, "node_modules/.cache-kernels.wasm");
  const { error, stderr } = await asc.main([
    `${folder}/index.ts`,
    "--baseDir",
    root,
    "-o",
    "node_modules/.cache-kernels.wasm",
    ...flags,
  ]);
  if (error) {
    console.error(stderr.toString());
    process.exit(1);
  }
  const binary = readFileSync(wasm);
  writeFileSync(out, `${stamp}\nexport const kernelsBase64 =\n  "${binary.toString("base64")}";\n`);
  console.error(`kernels: ${(binary.length / 1024).toFixed(1)} kB of WebAssembly`);
}
