import { existsSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { DamagedError, isDamage, storeError } from "./errors.ts";
import { freePath } from "./files.ts";
import { connect, type Connection } from "./libsql-dialect.ts";
import { beginRecovery } from "./recovery-marker.ts";

export interface Opened {
  readonly connection: Connection;
  /** The file holds no tables yet. */
  readonly fresh: boolean;
  /** A damaged or foreign file that lay here, and where it is now. */
  readonly damaged?: DamagedError;
}

/** Files of up to this size are checked page by page at each opening, which takes some hundredths of a second. */
const checkedBytes = 64 * 2 ** 20;

/**
 * Opens the database of a store. A file that is damaged, or that another program made, is set aside under a name with
 * the date, and a new one is made.
 */
export function openDatabase(file: string): Opened {
  const before = inode(file);
  let connection: Connection | undefined;
  try {
    connection = connect(file);
    return { connection, fresh: check(connection, file) };
  } catch (error) {
    closeQuietly(connection);
    const why = error instanceof DamagedError ? error.message : isDamage(error) ? (error as Error).message : undefined;
    if (why === undefined) throw storeError(error, file);
    // Another process may have set the same file aside in the meantime: what lies here then is its new database.
    const aside = inode(file) === before ? setAside(file) : undefined;
    const opened = openDatabase(file);
    return aside === undefined ? opened : { ...opened, damaged: new DamagedError(file, why, aside) };
  }
}

/** @returns whether there are no tables. @throws DamagedError for a foreign database, SQLite's error for a damaged one */
function check(connection: Connection, file: string): boolean {
  // Whose it is comes first: going over to WAL mode writes into the file.
  const tables = connection.all("select name from sqlite_master where type = 'table'") as { name: string }[];
  const own = tables.some(({ name }) => name === "meta") && isOwn(connection);
  if (tables.length > 0 && !own) throw new DamagedError(file, "another program made it");
  withoutBusy(() => connection.exec("pragma journal_mode = wal"));
  // In WAL mode this survives the end of the process at any moment; only a power cut may cost the last transactions.
  connection.exec("pragma synchronous = normal; pragma foreign_keys = on");
  if (tables.length === 0) return true;
  const suspect = existsSync(suspicion(file));
  const whole = suspect || (statSync(file, { throwIfNoEntry: false })?.size ?? 0) <= checkedBytes;
  const pages = connection.all(`pragma quick_check${whole ? "" : "(runs)"}`) as { quick_check: string }[];
  const [first] = pages;
  if (first && first.quick_check !== "ok") throw new DamagedError(file, first.quick_check.split("\n").at(-1) ?? "");
  if (suspect) rmSync(suspicion(file), { force: true });
  return false;
}

function isOwn(connection: Connection): boolean {
  try {
    return connection.all("select 1 from meta where key = 'application' and value = 'groklab'").length === 1;
  } catch (error) {
    if (isDamage(error)) throw error;
    return false;
  }
}

/** Changing to WAL needs the file for itself for a moment, and SQLite does not wait for that. */
function withoutBusy(step: () => void): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let attempt = 0; ; attempt++) {
    try {
      step();
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== "SQLITE_BUSY" || attempt === 100) throw error;
      Atomics.wait(pause, 0, 0, 20);
    }
  }
}

const suspicion = (file: string): string => `${file}.suspect`;

/** Remembers that damage was met while the database was in use: the next opening checks every page. */
export function suspect(file: string): void {
  try {
    writeFileSync(suspicion(file), "");
  } catch {
    // The next opening then checks what it checks anyway.
  }
}

const inode = (file: string): bigint | undefined => statSync(file, { bigint: true, throwIfNoEntry: false })?.ino;

/** Renames the database with the files that SQLite keeps beside it. */
function setAside(file: string): string {
  const date = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  const aside = freePath(`${file}.damaged-${date}`);
  try {
    beginRecovery(file, aside);
    for (const suffix of ["", "-wal", "-shm"]) if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
    rmSync(suspicion(file), { force: true });
  } catch (error) {
    throw storeError(error, file);
  }
  return aside;
}

function closeQuietly(connection: Connection | undefined): void {
  try {
    connection?.close();
  } catch {
    // The damage is reported already.
  }
}
