import pc from "picocolors";

type Paint = (text: string) => string;

/** How text may look where it goes: with or without color, with or without characters outside ASCII. */
export interface Style {
  readonly unicode: boolean;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly blue: Paint;
  readonly cyan: Paint;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The style of a stream. NO_COLOR (no-color.org) and FORCE_COLOR are honored; a dumb terminal gets neither color nor
 * drawing; the Linux console's font lacks the block characters.
 */
export function styleFor({ isTTY }: { readonly isTTY: boolean }, env: Env): Style {
  const dumb = env["TERM"] === "dumb";
  const forced = (env["FORCE_COLOR"] ?? "") !== "" && env["FORCE_COLOR"] !== "0";
  const refused = (env["NO_COLOR"] ?? "") !== "" || env["FORCE_COLOR"] === "0";
  const color = !refused && (forced || (isTTY && !dumb));
  const { bold, dim, red, green, yellow, blue, cyan } = pc.createColors(color);
  return { unicode: !dumb && env["TERM"] !== "linux", bold, dim, red, green, yellow, blue, cyan };
}

/** No color, all characters: for files and tests. */
export const plain: Style = styleFor({ isTTY: false }, {});
