import { SqliteDialect, type SqliteDatabase, type SqliteStatement } from "kysely";
import Database from "libsql";
import { resolve } from "node:path";
import type { ColumnTypes } from "./schema.ts";

export const sqliteTypes: ColumnTypes = { bytes: "blob", number: "real", text: "text", clustered: "without rowid" };

/** How long a statement waits for another process's lock. */
const busyMs = 10_000;

/** One connection, with what kysely needs of it and what opening a file needs besides. */
export interface Connection extends SqliteDatabase {
  /** Statements without parameters and without results. */
  exec(sql: string): void;
  all(sql: string, parameters?: readonly unknown[]): unknown[];
}

/** Opens the file, making it where there is none. Nothing is read yet. @param file a path, or a `file:` URL with options of SQLite */
export function connect(file: string): Connection {
  const database = new Database(file.startsWith("file:") ? file : resolve(file), { timeout: busyMs });
  // Preparing costs as much as running, and a store runs a few dozen different statements.
  const statements = new Map<string, SqliteStatement>();
  const prepare = (sql: string): SqliteStatement => {
    const text = sql === "begin" ? "begin immediate" : sql;
    const known = statements.get(text);
    if (known) return known;
    const made = statement(database.prepare(text), text);
    if (statements.size < 200) statements.set(text, made);
    return made;
  };
  return {
    prepare,
    exec: (sql) => void database.exec(sql),
    all: (sql, parameters = []) => statement(database.prepare(sql), sql).all(parameters),
    close: () => {
      statements.clear();
      database.close();
    },
  };
}

/**
 * libsql's native code aborts the whole process on a boolean parameter, and on a Buffer that is the only argument:
 * every statement passes through here, binds one array, and holds nothing in it that it was not made for.
 */
function statement(inner: SqliteStatement, sql: string): SqliteStatement {
  return {
    reader: inner.reader,
    all: (parameters) => inner.all(bindable(parameters)).map(readable),
    *iterate(parameters) {
      for (const row of inner.iterate(bindable(parameters))) yield readable(row);
    },
    run: (parameters) => {
      try {
        return inner.run(bindable(parameters));
      } catch (error) {
        // A full disk ends the transaction by itself; kysely's rollback must not hide that behind a second error.
        if (sql === "rollback") return { changes: 0, lastInsertRowid: 0 };
        throw error;
      }
    },
  };
}

const bindable = (parameters: readonly unknown[]): unknown[] => Array.from(parameters, bindableValue);

/** What SQLite can hold of a value. @throws TypeError for anything else, instead of an abort */
export function bindableValue(value: unknown): number | bigint | string | Uint8Array | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "string") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  // A plain copy: the native code reads a view's bytes, whatever memory they lie in, only when they are its own.
  if (ArrayBuffer.isView(value)) {
    return Uint8Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  }
  throw new TypeError(`a ${typeof value} cannot be stored in a database column`);
}

/** Blobs come as ArrayBuffer; the same as from every other driver they leave as Uint8Array. */
function readable(row: unknown): unknown {
  for (const [name, value] of Object.entries(row as Record<string, unknown>)) {
    if (value instanceof ArrayBuffer) (row as Record<string, unknown>)[name] = new Uint8Array(value);
  }
  return row;
}

export const libsqlDialect = (database: Connection): SqliteDialect => new SqliteDialect({ database });
