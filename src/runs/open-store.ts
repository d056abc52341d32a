import { suggestion, UsageError } from "../options.ts";
import { memoryStore } from "./memory-store.ts";
import { withoutPasswords } from "./passwords.ts";
import type { Store } from "./store.ts";

export interface OpenOptions {
  /** Gets one line for each thing that was damaged and set aside, or recovered. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** Of a folder: write only a segment of this name, as shards on many machines do. Any other store is shared as it is. */
  readonly segment?: { readonly name: string; readonly reads: (name: string) => boolean } | undefined;
  /** Only to read: tables on a server are not made by looking. */
  readonly existing?: boolean | undefined;
}

export const defaultStore = ".groklab";

/**
 * The store at a place as a user writes it: a folder, `postgres://…` (src/runs/postgres/place.ts), or `memory:`.
 * @throws UsageError for a kind of place that is not known, StoreError for one that cannot be used, MissingStoreError for
 *   a server without one that is only to be read
 */
export async function openStore(where: string = defaultStore, options: OpenOptions = {}): Promise<Store> {
  if (where === "memory:") return memoryStore();
  // One letter before the colon is a drive of Windows.
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(where)?.[1];
  if (scheme !== undefined && /^postgres(ql)?$/i.test(scheme)) {
    const { openPostgresStore } = await import("./postgres/store.ts");
    return openPostgresStore(where, options);
  }
  if (scheme !== undefined) {
    const near = suggestion(`${scheme}:`, ["memory:", "postgres:"]);
    throw new UsageError(
      `store "${withoutPasswords(where).slice(0, 60)}": give a folder such as ${defaultStore}, postgres://…, or memory:${near}`,
    );
  }
  if (where.trim() === "" || where.includes("\0")) throw new UsageError(`store: give a folder such as ${defaultStore}`);
  // Only here, so that a page can load this file: the folder store needs Node.
  if (options.segment) {
    const { openSegmentStore } = await import("./segments/segment-store.ts");
    return openSegmentStore(where, options.segment.name, { ...options, reads: options.segment.reads });
  }
  const { openFolderStore } = await import("./folder-store.ts");
  return openFolderStore(where, options);
}
