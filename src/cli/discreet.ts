import { withoutPassword } from "../runs/passwords.ts";
import type { Io, Output } from "./io.ts";

/**
 * The same Io, which writes no password that stands in an address of this call: not in results, not in progress, not in
 * an error of whoever knows it. Replaced to the letter, so that nothing else of what is written changes.
 */
export function discreet(io: Io, argv: readonly string[]): Io {
  const secrets = argv.flatMap(secretsOf);
  if (secrets.length === 0) return io;
  const clean = (text: string): string =>
    secrets.reduce((shown, [secret, instead]) => shown.replaceAll(secret, instead), text);
  const output = (inner: Output): Output => ({
    write: (chunk) => inner.write(typeof chunk === "string" ? clean(chunk) : chunk),
    isTTY: inner.isTTY,
    get columns() {
      return inner.columns;
    },
  });
  return { ...io, stdout: output(io.stdout), stderr: output(io.stderr) };
}

type Replacement = readonly [secret: string, instead: string];

/** An argument whole, as it is and as JSON writes it, and what stands between user and host. */
function secretsOf(arg: string): readonly Replacement[] {
  const shown = withoutPassword(arg);
  if (shown === arg) return [];
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
  const [, between] = /:\/\/[^\s:@/?#]*(:.*@)/s.exec(arg) ?? [];
  const [, inQuery] = /[?&](?:ssl)?password=([^&\s]+)/i.exec(arg) ?? [];
  return [
    [arg, shown],
    [inJson(arg), inJson(shown)],
    ...(between === undefined ? [] : ([[between, "@"], [inJson(between), "@"]] as const)), // prettier-ignore
    ...(inQuery === undefined ? [] : ([[`password=${inQuery}`, "password=***"]] as const)),
  ];
}
