import { liveness, type ProcessIdentity } from "./process-identity.ts";

/** A claim as it is stored. */
export interface Lease {
  /** The holder's identity as JSON, with a random part, so that no two claims are alike. */
  readonly owner: string;
  /** Milliseconds since 1970; the holder keeps moving it on. */
  readonly expires: number;
}

/** Without news for this long, a claim counts as dead where nothing better is known. */
export const leaseMs = 120_000;

export const ownerText = (identity: ProcessIdentity): string =>
  JSON.stringify({ ...identity, id: globalThis.crypto.randomUUID() });

/**
 * Who holds the lease, in words, or undefined when nobody does. A holder on this machine is asked for directly: a dead
 * one holds nothing, a live one holds for as long as it lives. Any other holds until the lease expires, and so does
 * another thread of this same process.
 */
export function holderOf(lease: Lease | undefined, here: ProcessIdentity, now: number): string | undefined {
  if (!lease) return undefined;
  const holder = parseOwner(lease.owner);
  const state = holder ? liveness(holder, here) : "unknown";
  if (state === "gone" || (state === "unknown" && lease.expires <= now)) return undefined;
  if (!holder) return "another process";
  if (holder.place === here.place) return holder.pid === here.pid ? "this process" : `process ${holder.pid}`;
  return `process ${holder.pid} on ${holder.host}`;
}

function parseOwner(owner: string): ProcessIdentity | undefined {
  try {
    const { host, place, pid, start } = JSON.parse(owner) as Partial<ProcessIdentity>;
    if (typeof pid !== "number" || typeof place !== "string") return undefined;
    return { host: String(host), place, pid, start: String(start) };
  } catch {
    return undefined;
  }
}
