import { UsageError } from "../options.ts";
import { BusyError, DamagedError, StoreError } from "../runs/errors.ts";
import type { Claim, Store } from "../runs/store.ts";

/**
 * A store across threads: one thread owns the database connection, every other calls it through messages. So there is
 * one writer, whatever the store is kept in, and what a dead thread held is known and given back at once.
 */
export type StoreMethod = Exclude<keyof Store, "where" | "close" | "archive">;
export interface StoreCall {
  readonly type: "store";
  readonly call: number;
  readonly method: StoreMethod;
  readonly args: readonly unknown[];
}
export interface StoreReply {
  readonly type: "reply";
  readonly call: number;
  readonly value?: unknown;
  readonly error?: SentError;
}

/** An error as a message carries it: its class would be lost. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

export function sentError(error: unknown): SentError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), stack: undefined, fields: {} };
  const { name, message, stack } = error;
  const plain = Object.entries(error).filter(([, value]) => ["string", "number", "boolean"].includes(typeof value));
  return { name, message, stack, fields: Object.fromEntries(plain) };
}

const prototypes: Readonly<Record<string, Error>> = {
  BusyError: BusyError.prototype,
  DamagedError: DamagedError.prototype,
  StoreError: StoreError.prototype,
  UsageError: UsageError.prototype,
};

/** The error again, of its class where that matters to whoever catches it. */
export function receivedError({ name, message, stack, fields }: SentError): Error {
  const error = Object.create(prototypes[name] ?? Error.prototype) as Error;
  Object.assign(error, fields, { name });
  Object.defineProperties(error, {
    message: { value: message, enumerable: false },
    stack: { value: stack, enumerable: false },
  });
  return error;
}

/** The store as a thread without a connection sees it. @param send hands a call to the owner */
export function linkedStore(where: string, send: (call: StoreCall) => void) {
  let calls = 0;
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const ask =
    (method: StoreMethod) =>
    (...args: readonly unknown[]): Promise<never> =>
      new Promise((resolve, reject) => {
        const call = calls++;
        waiting.set(call, { resolve: resolve as (value: unknown) => void, reject });
        send({ type: "store", call, method, args });
      });
  const methods: Readonly<Record<StoreMethod, true>> = {
    ...{ list: true, find: true, records: true, claim: true, append: true, evals: true, saveCheckpoint: true },
    ...{ checkpoints: true, loadCheckpoint: true, saveResume: true, loadResume: true, finish: true, release: true },
    ...{ delete: true, saveSweep: true, listSweeps: true, findSweep: true, deleteSweep: true },
  };
  const asking = Object.fromEntries(Object.keys(methods).map((method) => [method, ask(method as StoreMethod)]));
  const store = { ...asking, where, close: () => Promise.resolve() } as unknown as Store;
  const receive = ({ call, value, error }: StoreReply): void => {
    const asked = waiting.get(call);
    waiting.delete(call);
    if (error) asked?.reject(receivedError(error));
    else asked?.resolve(value);
  };
  return { store, receive };
}

/** Answers one thread's calls, and knows what that thread holds. */
export function servedStore(store: Store) {
  const held = new Map<string, Claim>();

  async function answer({ call, method, args }: StoreCall): Promise<StoreReply> {
    try {
      const value = await (store[method] as (...args: readonly unknown[]) => Promise<unknown>)(...args);
      if (method === "claim") held.set((value as Claim).owner, value as Claim);
      if (method === "finish" || method === "release") held.delete((args[0] as Claim).owner);
      return { type: "reply", call, value };
    } catch (error) {
      return { type: "reply", call, error: sentError(error) };
    }
  }

  /** Gives back what a thread that is gone held. */
  async function releaseAll(): Promise<void> {
    for (const claim of held.values()) await store.release(claim).catch(() => undefined);
    held.clear();
  }

  return { answer, releaseAll };
}
