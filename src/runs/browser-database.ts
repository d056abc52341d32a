import { StoreError } from "./errors.ts";

/** What is kept: runs and notes by id, evaluations and checkpoints by `[id, step]`, sweeps by id. */
const tables = ["runs", "evals", "checkpoints", "notes", "sweeps"] as const;
export type Table = (typeof tables)[number];
export type Tables = readonly Table[];

/** IndexedDB with promises, and errors that say what to do. */
export interface BrowserDatabase {
  /** One question to one table. */
  read<T>(table: Table, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T>;
  /**
   * All of the work's writes or, where it throws, none of them. On return they survive the end of page and browser.
   * @param durability `relaxed` does not wait for the disk: only a power cut may cost the last of them
   */
  transact<T>(
    over: Tables,
    mode: IDBTransactionMode,
    work: (stores: (table: Table) => IDBObjectStore) => T | Promise<T>,
    durability?: IDBTransactionDurability,
  ): Promise<T>;
  close(): void;
}

const version = 1;

/** @throws StoreError where the browser has no IndexedDB, or refuses it */
export async function openBrowserDatabase(name: string, factory: IDBFactory | undefined): Promise<BrowserDatabase> {
  if (!factory) throw new StoreError("this browser: it has no IndexedDB, so runs are not kept");
  const opening = factory.open(name, version);
  opening.onupgradeneeded = () => {
    for (const table of tables) opening.result.createObjectStore(table);
  };
  const db = await guarded(() => whole(opening));
  // A newer version of the app in another tab must not wait for this one.
  db.onversionchange = () => db.close();

  async function transact<T>(
    over: Tables,
    mode: IDBTransactionMode,
    work: (stores: (table: Table) => IDBObjectStore) => T | Promise<T>,
    durability: IDBTransactionDurability = mode === "readwrite" ? "strict" : "default",
  ): Promise<T> {
    return guarded(async () => {
      const transaction = db.transaction(over, mode, { durability });
      const done = new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onerror = () => reject(transaction.error ?? new Error("the browser's database failed"));
        transaction.onabort = () => reject(transaction.error ?? new Error("the browser's database gave up"));
      });
      let result: T;
      try {
        result = await work((table) => transaction.objectStore(table));
      } catch (error) {
        done.catch(() => undefined);
        abort(transaction);
        throw error;
      }
      await done;
      return result;
    });
  }

  return {
    transact,
    read: (table, ask) => transact([table], "readonly", (stores) => whole(ask(stores(table)))),
    close: () => db.close(),
  };
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It is over already.
  }
}

/** What a request gives. */
export function whole<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the browser's database failed"));
  });
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const meaning = error instanceof Error ? meanings[error.name] : undefined;
    throw meaning === undefined ? error : new StoreError(`this browser: ${meaning}`, { cause: error });
  }
}

const meanings: Readonly<Record<string, string>> = {
  QuotaExceededError: "its space for this site is full; delete runs, then go on",
  InvalidStateError: "its database was closed; reload the page",
  SecurityError: "it keeps nothing for this page, as its settings or a private window say",
  UnknownError: "its database failed; reload the page",
  VersionError: "its runs were stored by a newer version of groklab; reload the page",
};
