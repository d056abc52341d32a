import type { Session } from "../session.ts";
import { grouped } from "../../figures/svg/index.ts";
import { erase } from "./live.ts";

/** A line on a terminal that says how far something without other words is. */
export interface Waiting {
  readonly at: (done: number, of: number) => void;
  /** Takes the line away. */
  end(): void;
}

/** Seconds before it shows: what is over sooner needs no line. */
const patience = 1;
const redraws = 10;

/** Nothing is shown where standard error is no terminal: a log has no use for it. */
export function waiting({ io }: Pick<Session, "io">, what: string): Waiting {
  const live = io.stderr.isTTY && io.env["TERM"] !== "dumb";
  const begun = io.now();
  let drawnAt = -Infinity;
  let line = "";
  const columns = () => io.stderr.columns ?? 80;
  const clear = (): string => (line === "" ? "" : erase([line], columns()));
  return {
    at: (done, of) => {
      const now = io.now();
      if (!live || now - begun < patience || now - drawnAt < 1 / redraws) return;
      const cleared = clear();
      line = `${what} ${grouped(done)} of ${grouped(of)}`.slice(0, columns() - 1);
      io.stderr.write(cleared + line);
      drawnAt = now;
    },
    end: () => {
      if (line !== "") io.stderr.write(clear());
      line = "";
    },
  };
}
