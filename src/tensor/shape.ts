/** Shapes or precisions that do not fit together. The sentence names the op and both shapes. */
export class ShapeError extends Error {
  override name = "ShapeError";
}

/** `[6, 5]`. */
export function show(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
