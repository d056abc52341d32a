import { Option } from "commander";
import { withoutPassword } from "../runs/passwords.ts";
import type { Session } from "./session.ts";

/** Its value is without a password: it is shown in many places. `queueAddress` gives the whole one. */
export const queueOption = (): Option =>
  new Option(
    "--queue [ADDRESS]",
    "a queue for workers: redis://…, rediss://… or postgres://…; without a value GROKLAB_QUEUE",
  ).argParser(withoutPassword);

/** The queue's address with its password, from the flag or the environment. */
export const queueAddress = (session: Session, flag: string | true | undefined): string | undefined => {
  const address = typeof flag === "string" ? session.withPassword(flag) : session.io.env["GROKLAB_QUEUE"];
  return address === "" ? undefined : address;
};
