import { zipSync } from "fflate";
import type { NamedArrays } from "../index.ts";
import { FormatError } from "./format-error.ts";
import { decodeNpy, encodeNpy } from "./npy.ts";
import { unzip } from "./zip.ts";

// A zip entry carries a date. A fixed one keeps the same arrays at the same bytes.
const mtime = "1980-01-01T00:00:00";

/** What `numpy.savez` (or, compressed, `savez_compressed`) would write: a zip archive with one .npy file per array. */
export function encodeNpz(
  arrays: NamedArrays,
  { compress = false }: { readonly compress?: boolean } = {},
): Uint8Array<ArrayBuffer> {
  const files = Object.keys(arrays)
    .sort()
    .map((name) => [`${name}.npy`, encodeNpy(arrays[name])] as const);
  return zipSync(Object.fromEntries(files), { level: compress ? 6 : 0, mtime });
}

/** Every array of a .npz file, by name. @throws FormatError */
export function decodeNpz(bytes: Uint8Array): NamedArrays {
  const arrays = [...unzip(bytes, "npz")].map(([file, data]) => {
    if (!file.endsWith(".npy")) throw new FormatError(`npz: holds "${file}", which is not a .npy file`);
    const name = file.slice(0, -4);
    return [name, decodeNpy(data, name)] as const;
  });
  return Object.fromEntries(arrays);
}
