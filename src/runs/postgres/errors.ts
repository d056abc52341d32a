import { StoreError, storeError } from "../errors.ts";

const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
};
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split("\n")[0];

/** The system's: the way to the server is cut, now or for good. */
const network =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENETUNREACH|ENETDOWN|EHOSTUNREACH|EAI_AGAIN|ENOTFOUND)$/;
/** The server's (SQLSTATE): it is ending or starting, or has no connection left. */
const server = /^(08...|57P0[1-5]|53300)$/;
/** The driver's, which have no code. */
const driver =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

/** Whether a connection was lost or refused, so that the same may succeed on a new one. */
export const isConnectionLoss = (error: unknown): boolean =>
  network.test(codeOf(error)) || server.test(codeOf(error)) || driver.test(messageOf(error));

/** Whether the server is there, and will take connections in a moment. */
export const isNotYetReady = (error: unknown): boolean => /^(57P0[1-3]|53300|ECONNRESET)$/.test(codeOf(error));

/** Whether two transactions were in each other's way: the same succeeds at once, or nearly. */
export const isCollision = (error: unknown): boolean => /^(40001|40P01)$/.test(codeOf(error));

/** Whether the tables are not there. */
export const isAbsent = (error: unknown): boolean => /^(42P01|3F000)$/.test(codeOf(error));

/** What an error of the driver or server means for the user, in one line; any other error stays what it is. */
export function postgresError(error: unknown, where: string): Error {
  const meaning = meaningOf(codeOf(error), messageOf(error));
  return meaning === undefined ? storeError(error, where) : new StoreError(`${where}: ${meaning}`, { cause: error });
}

function meaningOf(code: string, message: string): string | undefined {
  if (code === "28P01" || (code === "" && /SASL|password/i.test(message))) {
    return "the server refuses the password, or there is none; give it as PGPASSWORD or in the address";
  }
  if (code === "28000") return `the server refuses this user (${message})`;
  if (code === "3D000") return `there is no such database (${message}); createdb makes one`;
  if (code === "42501") return `not permitted to this user (${message})`;
  if (code === "53100") return "no space is left on the server; free some, then run the same again to continue";
  if (code === "ECONNREFUSED") return "nothing listens there; is PostgreSQL started, and the port right?";
  if (code === "ENOTFOUND") return "there is no such host";
  if (
    /does not support SSL|no pg_hba.conf entry|certificate|^(ERR_TLS|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|CERT_)/i.test(
      `${code} ${message}`,
    )
  ) {
    return `no connection as sslmode asks for it (${message})`;
  }
  return isConnectionLoss({ code, message }) || driver.test(message) ? `no connection (${message})` : undefined;
}
