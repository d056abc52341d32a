import { expect, it } from "vitest";
import { holdsPassword, withoutPassword, withoutPasswords } from "./passwords.ts";

it.each([
  ["postgres://ana:secret@db.lab:5432/grok?sslmode=require", "postgres://ana@db.lab:5432/grok?sslmode=require"],
  ["redis://:secret@10.0.0.1:6379/0", "redis://10.0.0.1:6379/0"],
  ["rediss://default:s%40cret@host", "rediss://default@host"],
  ["postgres://ana:s@cr/e?t#@host/db", "postgres://ana@host/db"],
  ["postgres:///db?host=/run/pg&user=ana&password=secret&x=1", "postgres:///db?host=/run/pg&user=ana&password=***&x=1"],
  ["POSTGRESQL://ana:secret@host/db", "POSTGRESQL://ana@host/db"],
] as const)("takes the password out of %s", (text, expected) => {
  expect(withoutPassword(text)).toBe(expected);
  expect(withoutPasswords(text)).toBe(expected);
  expect(withoutPasswords(expected)).toBe(expected);
  expect(holdsPassword(text)).toBe(true);
});

it("takes every password out of a text", () => {
  const shown = withoutPasswords("groklab sweep quick --store 'postgres://a:secret@h/d' --queue redis://:secret@q");
  expect(shown).toBe("groklab sweep quick --store 'postgres://a@h/d' --queue redis://q");
});

it.each(["postgres://ana@host/db", "http://127.0.0.1:4715/", "mail ana@host: hello", "postgres://", "a:b@c", ""])(
  "leaves %j",
  (text) => {
    expect(withoutPasswords(text)).toBe(text);
    expect(holdsPassword(text)).toBe(false);
  },
);

it("takes an argument for one address, whatever is in its password", () => {
  expect(withoutPassword("postgres://ana:a b@c d@host/db")).toBe("postgres://ana@host/db");
  expect(withoutPassword("--queue=redis://:a b@host")).toBe("--queue=redis://host");
  expect(withoutPassword("see postgres://a:b@c")).toBe("see postgres://a:b@c");
});
