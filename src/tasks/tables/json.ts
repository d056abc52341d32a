import { quoted, UsageError } from "../../options.ts";

/**
 * A JSON value that knows where it stands, so that a message about it can name line and column: JSON.parse forgets the
 * place, and words its errors differently in every engine.
 */
export type JsonNode =
  | { readonly kind: "array"; readonly at: number; readonly items: readonly JsonNode[] }
  | { readonly kind: "object"; readonly at: number; readonly entries: readonly JsonEntry[] }
  | { readonly kind: "number"; readonly at: number; readonly text: string }
  | { readonly kind: "string" | "word"; readonly at: number; readonly text: string };
export interface JsonEntry {
  readonly key: string;
  readonly at: number;
  readonly value: JsonNode;
}

export interface JsonDocument {
  readonly root: JsonNode;
  /** A UsageError with file, line and column (in characters) of a place. */
  readonly wrong: (at: number, cause: string) => UsageError;
}

const maxDepth = 32;

/** Reads JSON (RFC 8259). @throws UsageError that names line and column */
export function readJson(content: string, filename: string): JsonDocument {
  const text = content.replace(/^\uFEFF/, "");
  let at = 0;

  function wrong(place: number, cause: string): UsageError {
    const before = text.slice(0, place).split(/\r\n|\n|\r/);
    return new UsageError(
      `${filename}, line ${before.length}, column ${before[before.length - 1].length + 1}: ${cause}`,
    );
  }

  /** The match of a sticky pattern here, which is then behind us. */
  function take(pattern: RegExp): string | undefined {
    pattern.lastIndex = at;
    const match = pattern.exec(text)?.[0];
    if (match !== undefined) at += match.length;
    return match;
  }

  function expected(what: string): UsageError {
    const found = at >= text.length ? "the end of the file" : quoted(String.fromCodePoint(text.codePointAt(at) ?? 0));
    return wrong(at, `expected ${what}, found ${found}`);
  }

  function value(depth: number): JsonNode {
    take(/[ \t\r\n]*/y);
    const start = at;
    if (depth > maxDepth) throw wrong(at, `more than ${maxDepth} brackets inside each other`);
    if (take(/\[/y)) return { kind: "array", at: start, items: list("]", () => value(depth + 1)) };
    if (take(/\{/y)) return { kind: "object", at: start, entries: list("}", () => entry(depth + 1)) };
    const number = take(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y);
    if (number !== undefined) return { kind: "number", at: start, text: number };
    const word = take(/true|false|null/y);
    if (word !== undefined) return { kind: "word", at: start, text: word };
    return { kind: "string", at: start, text: string("a value") };
  }

  function string(what: string): string {
    // Control characters have to be escaped, by the standard.
    // eslint-disable-next-line no-control-regex
    const token = take(/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y);
    if (token === undefined) throw expected(text[at] === '"' ? "a closed string" : what);
    return JSON.parse(token) as string;
  }

  function entry(depth: number): JsonEntry {
    take(/[ \t\r\n]*/y);
    const start = at;
    const key = string("a name in quotes");
    take(/[ \t\r\n]*/y);
    if (!take(/:/y)) throw expected('":"');
    return { key, at: start, value: value(depth) };
  }

  function list<T>(close: string, element: () => T): T[] {
    const elements: T[] = [];
    take(/[ \t\r\n]*/y);
    if (text[at] === close) {
      at++;
      return elements;
    }
    for (;;) {
      elements.push(element());
      take(/[ \t\r\n]*/y);
      if (text[at] === close) {
        at++;
        return elements;
      }
      if (!take(/,/y)) throw expected(`"," or "${close}"`);
    }
  }

  const root = value(0);
  take(/[ \t\r\n]*/y);
  if (at < text.length) throw expected("the end of the file");
  return { root, wrong };
}
