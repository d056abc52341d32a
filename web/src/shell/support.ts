/** What this browser lacks of what training in a page needs, in words: an empty list when nothing. */
export function missingFeatures(): readonly string[] {
  const missing: string[] = [];
  if (typeof WebAssembly !== "object" || !validates(simdModule)) missing.push("WebAssembly with SIMD");
  if (typeof Worker !== "function") missing.push("workers");
  if (typeof structuredClone !== "function") missing.push("structured clones");
  if (typeof indexedDB === "undefined") missing.push("IndexedDB (runs are lost when the page closes)");
  return missing;
}

function validates(bytes: Uint8Array<ArrayBuffer>): boolean {
  try {
    return WebAssembly.validate(bytes);
  } catch {
    return false;
  }
}

/** The shortest module with a SIMD instruction: (func (result v128) i32.const 0 i8x16.splat). */
const simdModule = new Uint8Array([
  ...[0, 97, 115, 109, 1, 0, 0, 0],
  ...[1, 5, 1, 96, 0, 1, 123],
  ...[3, 2, 1, 0],
  ...[10, 8, 1, 6, 0, 65, 0, 253, 15, 11],
]);
