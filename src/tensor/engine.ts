import { kernelsBase64 } from "./kernels.wasm.ts";

/** Precision of a tensor. One kernel source serves both. */
export type DType = "float32" | "float64";

/** A compiled kernel. Addresses are bytes, sizes are numbers of elements. */
export type Kernel = (...args: number[]) => number;

const PAGE = 65536;
const MAX_PAGES = 65536; // 4 GiB, all that 32-bit addresses reach
const FIRST_PAGES = 64;

interface Engine {
  readonly memory: WebAssembly.Memory;
  readonly float32: Record<string, Kernel>;
  readonly float64: Record<string, Kernel>;
  /** First byte past the kernels' constants. */
  readonly base: number;
}

/** One per thread, made when first needed: importing the library costs nothing. */
let engine: Engine | null = null;

/** Views of the whole memory. Replaced when it grows, so never keep them across an allocation. */
export let floats32 = new Float32Array(0);
export let floats64 = new Float64Array(0);
export let ints = new Int32Array(0);

function start(): Engine {
  const binary = Uint8Array.from(atob(kernelsBase64), (character) => character.charCodeAt(0));
  const memory = new WebAssembly.Memory({ initial: FIRST_PAGES, maximum: MAX_PAGES });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } });
  const float32: Record<string, Kernel> = {};
  const float64: Record<string, Kernel> = {};
  for (const [name, value] of Object.entries(instance.exports)) {
    if (typeof value !== "function") continue;
    if (!name.endsWith("_f64")) float32[name.replace(/_f32$/, "")] = value as Kernel;
    if (!name.endsWith("_f32")) float64[name.replace(/_f64$/, "")] = value as Kernel;
  }
  engine = { memory, float32, float64, base: float32["heapBase"]() >>> 0 };
  refresh(memory);
  return engine;
}

function refresh(memory: WebAssembly.Memory): void {
  floats32 = new Float32Array(memory.buffer);
  floats64 = new Float64Array(memory.buffer);
  ints = new Int32Array(memory.buffer);
}

/** The kernel `name_f32` or `name_f64`; kernels without a precision (on bits, indices) are found under either. */
export function kernel(name: string, dtype: DType): Kernel {
  const { float32, float64 } = engine ?? start();
  const found = dtype === "float32" ? float32[name] : float64[name];
  if (found === undefined) throw new Error(`no kernel is called ${name} in ${dtype}`);
  return found;
}

/** The whole memory. Detached by growth: fetch it anew after each allocation. */
export function buffer(): ArrayBuffer {
  return (engine ?? start()).memory.buffer;
}

/** First byte that tensors may use. */
export function heapStart(): number {
  return (engine ?? start()).base;
}

/** Bytes of the memory now. */
export function memorySize(): number {
  return engine === null ? 0 : engine.memory.buffer.byteLength;
}

/** Make the memory at least `bytes` long. False when the 4 GiB, or what the system gives, do not suffice. */
export function growTo(bytes: number): boolean {
  const { memory } = engine ?? start();
  const have = memory.buffer.byteLength / PAGE;
  const need = Math.ceil(bytes / PAGE);
  if (need <= have) return true;
  if (need > MAX_PAGES) return false;
  // A quarter more than asked for, so that growing to a size takes few steps; exactly what is needed if that fails.
  for (const pages of [Math.min(MAX_PAGES, Math.max(need, Math.ceil(have * 1.25))), need]) {
    try {
      memory.grow(pages - have);
      refresh(memory);
      return true;
    } catch {
      continue;
    }
  }
  return false;
}
