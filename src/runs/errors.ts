/** Another live process holds the run. */
export class BusyError extends Error {
  override name = "BusyError";
  constructor(
    readonly runId: string,
    /** Who holds it, in words. */
    readonly holder: string,
  ) {
    super(`run ${runId} is being trained by ${holder}; wait for it to end, or stop it`);
  }
}

/** A file is damaged. The message names it, and where it was set aside. */
export class DamagedError extends Error {
  override name = "DamagedError";
  constructor(
    readonly file: string,
    why: string,
    readonly setAside?: string,
  ) {
    super(`${file} is damaged (${why})${setAside === undefined ? "" : `; set aside as ${setAside}`}`);
  }
}

/** The store cannot be read or written: no permission, a full disk, a lock that stays. One line. */
export class StoreError extends Error {
  override name = "StoreError";
}

/** There is no store yet, and it was opened only to read. */
export class MissingStoreError extends Error {
  override name = "MissingStoreError";
  constructor(where: string) {
    super(`there is no store in ${where}`);
  }
}

/** What a system or SQLite error code means for the user, in one line; any other error stays what it is. @param where the file or folder concerned */
export function storeError(error: unknown, where: string): Error {
  if (!(error instanceof Error)) return new StoreError(`${where}: ${String(error)}`);
  const code = codeOf(error);
  // Without a code it is not the system's: a wrong call, an error of ours.
  if (code === "" && !error.message.includes("Unable to open")) return error;
  return new StoreError(`${where}: ${meaning(code, error.message)}`, { cause: error });
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === "string" ? code : "";
}

function meaning(code: string, message: string): string {
  if (/^(ENOSPC|EDQUOT|EFBIG|SQLITE_FULL)$/.test(code)) {
    return "no space is left for writing; free some, then run the same plan to continue";
  }
  if (/^(EACCES|EPERM|EROFS|SQLITE_READONLY.*|SQLITE_PERM|SQLITE_AUTH)$/.test(code)) {
    return "cannot be written: read-only, or not permitted to this user";
  }
  if (/^(ENOTDIR|EEXIST)$/.test(code)) return "is not a folder, or lies under something that is not one";
  if (code === "ENOENT") return "cannot be made or found";
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return "another process has kept it locked; try again when that is done";
  if (code === "SQLITE_CANTOPEN" || message.includes("Unable to open")) return "cannot be opened";
  if (code.startsWith("SQLITE_IOERR") || code === "EIO") return "the disk failed to read or write it";
  return message.split("\n")[0] ?? message;
}

/** SQLite found that the file is not a database, or that its pages contradict each other. */
export const isDamage = (error: unknown): boolean => /^SQLITE_(NOTADB|CORRUPT)/.test(codeOf(error));
