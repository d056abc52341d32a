import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { experiments } from "../../experiments/index.ts";
import { nearest, UsageError } from "../options.ts";
import { MissingStoreError } from "../runs/errors.ts";
import { openStore, type OpenOptions } from "../runs/open-store.ts";
import type { RunRecord, Store } from "../runs/store.ts";
import { plan, runId } from "../train/plan.ts";
import type { Session } from "./session.ts";

interface Opening {
  /** Only to read: a store that is not there is not made. */
  readonly reading?: boolean;
  readonly onWarning?: (line: string) => void;
  readonly segment?: OpenOptions["segment"];
}

/** Does the work with an open store and closes it, whatever happens. Warnings become lines on standard error. */
export async function withStore<T>(
  session: Session,
  where: string,
  work: (store: Store) => Promise<T>,
  { reading = false, onWarning = (line) => session.note(`groklab: ${line}`), segment }: Opening = {},
): Promise<T> {
  // Messages show a place as the user wrote it, wherever that is possible.
  const isFolder = where.trim() !== "" && !/^[a-z][a-z0-9+.-]+:/i.test(where);
  const place = isFolder && session.io.cwd !== process.cwd() ? resolve(session.io.cwd, where) : where;
  if (reading && isFolder && !mayHoldStore(place)) throw new NothingStored(where);
  const store = await openStore(session.withPassword(place), { onWarning, segment, existing: reading }).catch(
    (error: unknown) => {
      throw error instanceof MissingStoreError ? new NothingStored(where) : error;
    },
  );
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** False where opening would make a store: nothing is there, or a folder of other things. */
function mayHoldStore(place: string): boolean {
  try {
    return readdirSync(place).some((name) => ["groklab.db", "checkpoints", "segments"].includes(name));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ENOENT"; // opening says what is wrong with it
  }
}

/** There is no store at this place, or no run in it. */
export class NothingStored extends UsageError {
  constructor(where: string) {
    super(`no run is stored in ${where}; groklab run makes one, --store names another place`);
  }
}

/** Every run, newest first; none where there is no store, which is not made by looking. */
export async function storedRuns(session: Session, where: string): Promise<readonly RunRecord[]> {
  try {
    return await withStore(session, where, (store) => store.list(), { reading: true });
  } catch (error) {
    if (error instanceof NothingStored) return [];
    throw error;
  }
}

/**
 * The run that a text means: its id, `last` for the newest, the name of a declared experiment that was run as declared,
 * or the beginning of an id that only one run has.
 * @throws UsageError that lists the candidates or the nearest id
 */
export async function findRun(store: Store, text: string, where: string): Promise<RunRecord> {
  const exact = await store.find(text);
  if (exact) return exact;
  const records = await store.list();
  if (records.length === 0) throw new NothingStored(where);
  if (text === "last") return records[0];
  const declared = experiments.find(({ name }) => name === text);
  const asDeclared = declared && (await store.find(runId(plan(declared.experiment))));
  if (asDeclared) return asDeclared;
  const begun = text === "" ? [] : records.filter(({ id }) => id.startsWith(text));
  if (begun.length === 1) return begun[0];
  if (begun.length > 1) {
    const shown = begun.slice(0, 5).map(({ id }) => id).join(", "); // prettier-ignore
    const more = begun.length > 5 ? `, and ${begun.length - 5} more` : "";
    throw new UsageError(`several runs begin with "${text}": ${shown}${more}; give more of the id`);
  }
  const near = nearest(text, records.map(({ id }) => id)); // prettier-ignore
  const hint = near === undefined ? "groklab list runs shows what is stored" : `did you mean "${near}"?`;
  throw new UsageError(`no run in ${where} is called "${text}"; ${hint}`);
}
