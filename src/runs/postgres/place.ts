import { suggestion, UsageError } from "../../options.ts";
import { withoutPassword } from "../passwords.ts";

/** A store on a PostgreSQL server, as its address says. */
export interface PostgresPlace {
  /** What the driver is given: the address without what is groklab's own. Holds the password, where the user wrote one. */
  readonly address: string;
  /** As the user would write it; without a password. */
  readonly where: string;
  /** Of the tables, within the database. */
  readonly schema: string;
  /** The folder of the checkpoints; undefined where they lie in the database. */
  readonly checkpoints: string | undefined;
}

/** Of the driver, as libpq calls them. Any other would be passed over without a word: `sslmod=require` is no TLS. */
const driverOptions = [
  ...[
    "host",
    "port",
    "user",
    "password",
    "application_name",
    "fallback_application_name",
    "options",
    "client_encoding",
  ],
  ...["ssl", "sslmode", "sslcert", "sslkey", "sslrootcert", "sslnegotiation", "uselibpqcompat"],
  ...["statement_timeout", "lock_timeout"],
];
const ownOptions = ["checkpoints", "schema"];
const sslModes = ["disable", "prefer", "require", "verify-ca", "verify-full", "no-verify"];

const example = "postgres://user@host/database";

/**
 * Reads `postgres://user:password@host:port/database?sslmode=…&checkpoints=FOLDER&schema=NAME`. What it leaves out comes
 * from libpq's environment: PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGSSLMODE, and the file of passwords.
 * @throws UsageError that never repeats a password
 */
export function postgresPlace(text: string): PostgresPlace {
  const where = withoutPassword(text);
  const [base = "", query = ""] = cut(text);
  // Behind a raw ? or # in a password the rest of it would be taken for options, and shown.
  if (query.includes("@") || base.includes("#") || !isAddress(base)) {
    throw new UsageError(
      `store: this is no address of PostgreSQL; write ${example}, special characters of a password as %XX, or give the password as PGPASSWORD`,
    );
  }
  const options = new URLSearchParams(query);
  const known = [...ownOptions, ...driverOptions];
  for (const [name, value] of options) {
    if (!known.includes(name)) {
      throw new UsageError(
        `store ${where}: unknown option "${name}"; known: ${known.join(", ")}${suggestion(name, known)}`,
      );
    }
    if (name === "sslmode" && !sslModes.includes(value)) {
      throw new UsageError(`store ${where}: sslmode=${value} is not allowed; give ${sslModes.join(", ")}${suggestion(value, sslModes)}`); // prettier-ignore
    }
  }
  const schema = options.get("schema") ?? "groklab";
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw new UsageError(`store ${where}: schema=${schema} is not allowed; give small letters, digits and underscores`);
  }
  const checkpoints = options.get("checkpoints") ?? undefined;
  if (checkpoints !== undefined && (checkpoints.trim() === "" || checkpoints.includes("\0"))) {
    throw new UsageError(`store ${where}: checkpoints= names no folder; leave it out to keep them in the database`);
  }
  for (const name of ownOptions) options.delete(name);
  const rest = options.toString();
  return { address: rest === "" ? base : `${base}?${rest}`, where, schema, checkpoints };
}

function cut(text: string): readonly [string, string?] {
  const at = text.indexOf("?");
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function isAddress(base: string): boolean {
  try {
    // As the driver does: `postgres://user@/database` has a host from the environment.
    const url = new URL(base.replace("@/", "@host/"));
    decodeURIComponent(url.username + url.password + url.pathname);
    return /^postgres(ql)?:$/.test(url.protocol) && !url.pathname.slice(1).includes("/");
  } catch {
    return false;
  }
}
