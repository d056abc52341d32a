import { StoreError } from "../errors.ts";
import { isCollision, isConnectionLoss, postgresError } from "./errors.ts";

export interface PatienceOptions {
  /** What messages name. */
  readonly where: string;
  /** Milliseconds that a server may be away. */
  readonly limit: number;
  readonly onWarning: (message: string) => void;
  /** What is worth another try. */
  readonly isLoss?: (error: unknown) => boolean;
  /** For tests: waits so many milliseconds. */
  readonly sleep?: (ms: number) => Promise<void>;
}

/** Between two tries, in milliseconds: doubled each time. */
const shortest = 100;
const longest = 5000;

/**
 * Does work again whose connection was lost, with longer and longer pauses, until it succeeds or the server has been away
 * for too long. The work must be the same the second time: of a lost connection nobody knows whether the last word was
 * heard. One line says that the server is away and one that it is back, however much waits for it.
 */
export function patience({ where, limit, onWarning, isLoss = isConnectionLoss, sleep = pause }: PatienceOptions) {
  let away = false;
  return async function patiently<T>(work: () => Promise<T>): Promise<T> {
    for (let wait = shortest, waited = 0; ; wait = Math.min(2 * wait, longest)) {
      try {
        const value = await work();
        if (away) onWarning(`${where}: the server is back`);
        away = false;
        return value;
      } catch (error) {
        const lost = isLoss(error);
        if (!lost && !isCollision(error)) throw postgresError(error, where);
        const reason = postgresError(error, where).message;
        if (waited >= limit) {
          throw new StoreError(waited === 0 ? reason : `${reason}; tried for ${Math.round(waited / 1000)} s`, { cause: error }); // prettier-ignore
        }
        if (lost && !away) {
          away = true;
          onWarning(`${reason}; trying again`);
        }
        // Not all at the same moment, who wait for the same server.
        const delay = Math.min(wait * (0.5 + fraction()), limit - waited);
        await sleep(delay);
        waited += delay;
      }
    }
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Anything from 0 to 1; nothing that is computed depends on it. */
const fraction = (): number => globalThis.crypto.getRandomValues(new Uint32Array(1))[0] / 2 ** 32;
