/** A claim as it stands beside a run. */
export interface StoredLease {
  readonly owner: string;
  /** Milliseconds since 1970; for browsers that cannot tell whether the holder lives. */
  readonly expires: number;
}

/** Who holds what, among the pages and workers of one browser. */
export interface BrowserLeases {
  take(): Promise<StoredLease>;
  /** Who holds it, in words; undefined when nobody does any more. */
  holder(lease: StoredLease): Promise<string | undefined>;
  release(owner: string): Promise<void>;
}

/** A claim whose holder cannot be asked for counts as dead after this long. */
const leaseMs = 60_000;
const prefix = "groklab-claim-";

/**
 * Claims held by the browser's own locks, which end with the page or worker that took them, however it ends: a reload
 * finds its run free. Where a page has no locks (served without encryption from another machine) a claim expires.
 */
export function browserLeases(
  locks: LockManager | null = (globalThis.navigator as Navigator | undefined)?.locks ?? null,
  now: () => number = () => Date.now(),
): BrowserLeases {
  const mine = new Map<string, () => void>();
  return {
    async take() {
      const owner = randomName();
      mine.set(owner, () => undefined);
      // Held until the promise inside is resolved, or the thread is gone.
      if (locks) await new Promise<void>((taken, failed) => void hold(locks, owner, taken).catch(failed));
      return { owner, expires: now() + leaseMs };
    },
    async holder({ owner, expires }) {
      if (mine.has(owner)) return "this process";
      if (!locks) return expires > now() ? "another page" : undefined;
      const { held = [] } = await locks.query();
      return held.some(({ name }) => name === prefix + owner) ? "another page" : undefined;
    },
    release(owner) {
      mine.get(owner)?.();
      mine.delete(owner);
      return Promise.resolve();
    },
  };

  async function hold(manager: LockManager, owner: string, taken: () => void): Promise<void> {
    await manager.request(
      prefix + owner,
      () =>
        new Promise<void>((release) => {
          mine.set(owner, release);
          taken();
        }),
    );
  }
}

/** `randomUUID` is only there in secure contexts; this is never drawn for training. */
function randomName(): string {
  const parts = globalThis.crypto.getRandomValues(new Uint32Array(4));
  return [...parts].map((part) => part.toString(36)).join("");
}
