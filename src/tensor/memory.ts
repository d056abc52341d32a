import { growTo, heapStart, memorySize } from "./engine.ts";

/**
 * Memory of tensors: blocks of the one WebAssembly memory. Freed blocks wait in lists by size class, so from the second
 * training step on an allocation is one `pop`. Classes are 64 bytes apart up to 512 and then four to a doubling, so
 * work of varying length finds used blocks again at the price of at most a fifth of a block left empty.
 */

/** The memory ran out: it ends at 4 GiB, or where the system refuses more. */
export class MemoryError extends Error {
  override name = "MemoryError";
}

/** A piece of memory, shared by `refs` handles. */
interface Block {
  readonly ptr: number;
  readonly bytes: number;
  readonly sizeClass: number;
  refs: number;
}

const ADDRESSABLE = 2 ** 32;
const free: Block[][] = Array.from({ length: 128 }, () => []);
let top = 0; // first byte never handed out
let liveBlocks = 0;
let liveBytes = 0;

function allocate(bytes: number): Block {
  if (!(bytes <= ADDRESSABLE)) throw exhausted(bytes);
  const units = Math.max(1, Math.ceil(bytes / 64));
  let rounded = units;
  let sizeClass = units;
  if (units > 8) {
    const exponent = 31 - Math.clz32(units - 1);
    const quarter = (units - 1) >>> (exponent - 2); // 4 … 7
    rounded = (quarter + 1) * (1 << (exponent - 2));
    sizeClass = exponent * 4 + quarter - 7; // 9 for the first class past 8 units
  }
  const block = free[sizeClass]?.pop() ?? extend(rounded * 64, sizeClass, bytes);
  block.refs = 1;
  liveBlocks++;
  liveBytes += block.bytes;
  return block;
}

function extend(bytes: number, sizeClass: number, asked: number): Block {
  if (top === 0) top = Math.ceil(heapStart() / 64) * 64;
  if (!growTo(top + bytes)) throw exhausted(asked);
  const block = { ptr: top, bytes, sizeClass, refs: 0 };
  top += bytes;
  return block;
}

function exhausted(bytes: number): MemoryError {
  return new MemoryError(
    `no memory for ${bytes} bytes: ${liveBytes} are in use, and the memory of ${memorySize()} cannot grow enough; ` +
      `work on fewer examples at once, or give tensors back with dispose() or scope()`,
  );
}

function release(block: Block): void {
  if (--block.refs > 0) return;
  liveBlocks--;
  liveBytes -= block.bytes;
  free[block.sizeClass].push(block);
}

/** Handles of each open scope, innermost last. The arrays are reused; entry 0 stands for "no scope" and stays empty. */
const scopes: Handle[][] = [[]];
let depth = 0;

/**
 * Something that lives in the engine's memory: a tensor, indices, packed bits. Belongs to the scope it was made in;
 * outside every scope, to whoever made it, until `dispose`.
 */
export abstract class Handle {
  #block: Block | null;
  #level = 0;
  #index = 0;
  #kept = false;

  /** Of `bytes` new bytes, whose content is undefined, or sharing the memory of another handle. */
  constructor(memory: number | Handle) {
    if (typeof memory === "number") this.#block = allocate(memory);
    else {
      this.#block = memory.#live();
      this.#block.refs++;
    }
    this.#enter(depth);
  }

  /** Address of the first byte, a multiple of 64. @throws Error when this was given back. */
  get ptr(): number {
    return this.#live().ptr;
  }

  /** Whether another handle shares this memory. */
  get shared(): boolean {
    return this.#live().refs > 1;
  }

  get disposed(): boolean {
    return this.#block === null;
  }

  /** Give the memory back. Once is enough, twice does no harm. */
  dispose(): void {
    const block = this.#block;
    if (block === null) return;
    this.#block = null;
    release(block);
    if (this.#level === 0) return;
    const owners = scopes[this.#level];
    const last = owners.pop()!;
    if (last === this) return;
    owners[this.#index] = last;
    last.#index = this.#index;
  }

  /** Outlive the innermost scope: at its end this belongs to the scope around it. */
  keep(): void {
    this.#live();
    if (this.#level === depth && depth > 0) this.#kept = true;
  }

  /** End a scope: free what nobody kept, hand the rest to the scope around it. */
  static leave(owners: Handle[], outer: number): void {
    for (const handle of owners) {
      if (handle.#kept) handle.#enter(outer);
      else {
        release(handle.#block!);
        handle.#block = null;
      }
    }
    owners.length = 0;
  }

  #enter(level: number): void {
    this.#kept = false;
    this.#level = level;
    if (level === 0) return;
    const owners = scopes[level];
    this.#index = owners.length;
    owners.push(this);
  }

  #live(): Block {
    if (this.#block === null)
      throw new Error(
        "a tensor was used after it was given back: return it through keep() from the scope that made it",
      );
    return this.#block;
  }
}

/**
 * Run `fn`; everything allocated inside is given back at its end, except what was passed through `keep`. Scopes nest:
 * what is kept from one belongs to the scope around it. `fn` must not be async.
 */
export function scope<T>(fn: () => T): T {
  const level = ++depth;
  if (scopes.length === level) scopes.push([]);
  try {
    return fn();
  } finally {
    depth = level - 1;
    Handle.leave(scopes[level], depth);
  }
}

/** Let `handle` outlive the innermost scope. Returns it. */
export function keep<T extends Handle>(handle: T): T {
  handle.keep();
  return handle;
}

/** Give a tensor, indices, or all tensors of a named tree back now. */
export function dispose(what: Handle | Readonly<Record<string, Handle>>): void {
  if (what instanceof Handle) what.dispose();
  else for (const handle of Object.values(what)) handle.dispose();
}

/** Blocks and bytes that handles hold, and the size of the memory, which only grows. */
export function memoryInUse(): { readonly bytes: number; readonly blocks: number; readonly reservedBytes: number } {
  return { bytes: liveBytes, blocks: liveBlocks, reservedBytes: memorySize() };
}
