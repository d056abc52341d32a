import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Kysely } from "kysely";
import type { Eval } from "../../train/eval.ts";
import { isDamage } from "../errors.ts";
import { connect, type Connection, libsqlDialect } from "../libsql-dialect.ts";
import { toRecord } from "../run-row.ts";
import type { Database } from "../schema.ts";
import { sqlRuns } from "../sql-runs.ts";
import type { RunRecord } from "../store.ts";
import { type Mark, markKey, readMark, segmentsIn } from "./files.ts";
import { readEvents } from "./log.ts";
import { SegmentState } from "./state.ts";

/** What a store's folder holds besides one segment, as it was when the segment was opened. */
export interface Outside {
  records(ids: readonly string[]): Promise<readonly RunRecord[]>;
  evals(id: string): Promise<readonly Eval[]>;
  /** How far the store's database has read the segment of this name; undefined where there is no database. */
  mark(name: string): Promise<Mark | undefined>;
  close(): Promise<void>;
}

/**
 * Reads the database of a store, and the segments that `reads` chooses. Nothing is written and nothing locked: on a
 * network file system neither can be relied on.
 */
export async function openOutside(
  folder: string,
  reads: (name: string) => boolean,
  onWarning: (message: string) => void,
): Promise<Outside> {
  const state = new SegmentState();
  for (const { name, log } of segmentsIn(folder)) {
    if (!reads(name)) continue;
    for (const { event } of readEvents(log, 0, (error) => onWarning(error.message))) state.apply(event);
  }
  state.abandon();
  const file = join(folder, "groklab.db");
  const database = existsSync(file) ? await openQuiet(file, onWarning) : undefined;
  return {
    async records(ids) {
      const rows = database ? await sqlRuns(database.db).findAll(ids) : [];
      const stored = new Map(rows.map((row) => [row.id, toRecord(row, undefined, file)]));
      // Of a run that both know the one that is further counts.
      return ids.flatMap((id) => {
        const found = [stored.get(id), state.runs.get(id)?.record].filter((record) => record !== undefined);
        return found.sort((a, b) => Number(isOver(b)) - Number(isOver(a)) || b.step - a.step).slice(0, 1);
      });
    },
    async evals(id) {
      const written = state.evals(id);
      return written.length > 0 || !database ? written : sqlRuns(database.db).evals(id);
    },
    async mark(name) {
      const row = await database?.db.selectFrom("meta").select("value").where("key", "=", markKey(name)).executeTakeFirst(); // prettier-ignore
      return database && readMark(row?.value);
    },
    close: async () => database?.close(),
  };
}

const isOver = ({ status }: RunRecord): boolean => status === "finished" || status === "diverged";

interface Quiet {
  readonly db: Kysely<Database>;
  close(): Promise<void>;
}

/** A copy that another process wrote to meanwhile may not be whole: it is made again so many times. */
const copies = 3;

/**
 * A database to read only: as it lies there where nobody has it open, a copy otherwise.
 * @returns undefined, with a warning, where it cannot be read: its runs may be trained again, to the same bits
 */
async function openQuiet(file: string, onWarning: (message: string) => void): Promise<Quiet | undefined> {
  const closed = (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0;
  for (let attempt = 0; attempt < copies; attempt++) {
    const folder = closed ? undefined : mkdtempSync(join(tmpdir(), "groklab-"));
    const remove = (): void => {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    };
    let connection: Connection | undefined;
    try {
      if (folder !== undefined) {
        for (const suffix of ["", "-wal"]) copyFileSync(file + suffix, join(folder, `copy.db${suffix}`));
        connection = connect(join(folder, "copy.db"));
      } else connection = connect(`${pathToFileURL(file).href}?immutable=1`);
      const [first] = connection.all("pragma quick_check(runs)") as { quick_check: string }[];
      if (first?.quick_check !== "ok") throw Object.assign(new Error(first?.quick_check), { code: "SQLITE_CORRUPT" });
      const db = new Kysely<Database>({ dialect: libsqlDialect(connection) });
      const close = () => db.destroy().finally(remove);
      return { db, close };
    } catch (error) {
      connection?.close();
      remove();
      if (!isDamage(error) && (error as { code?: string }).code !== "ENOENT") throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 200 * (attempt + 1)));
  }
  onWarning(`${file} cannot be read while another process writes it: runs that only it holds are trained again`);
  return undefined;
}
