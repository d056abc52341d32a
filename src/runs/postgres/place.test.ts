import { expect, it } from "vitest";
import { UsageError } from "../../options.ts";
import { postgresPlace } from "./place.ts";

it("reads what is groklab's, and gives the driver the rest", () => {
  const text = "postgres://ana:s%40cret@db:5433/grok?sslmode=verify-full&checkpoints=/mnt/grok%20runs&schema=lab_2";
  expect(postgresPlace(text)).toEqual({
    address: "postgres://ana:s%40cret@db:5433/grok?sslmode=verify-full",
    where: "postgres://ana@db:5433/grok?sslmode=verify-full&checkpoints=/mnt/grok%20runs&schema=lab_2",
    schema: "lab_2",
    checkpoints: "/mnt/grok runs",
  });
  expect(postgresPlace("postgresql:///grok")).toMatchObject({
    ...{ address: "postgresql:///grok", schema: "groklab", checkpoints: undefined },
  });
  expect(postgresPlace("postgres://ana@/grok?host=/run/postgresql").address).toBe(
    "postgres://ana@/grok?host=%2Frun%2Fpostgresql",
  );
});

it.each([
  ["postgres://h/d?sslmod=require", /unknown option "sslmod"; .*did you mean "sslmode"/],
  ["postgres://h/d?sslmode=requir", /sslmode=requir is not allowed; .*did you mean "require"/],
  ["postgres://h/d?schema=Bad-Name", /schema=Bad-Name is not allowed/],
  ["postgres://h/d?checkpoints=", /names no folder/],
  ["postgres://h:port/d", /no address of PostgreSQL/],
  ["postgres://h/d/e", /no address of PostgreSQL/],
  ["postgres://u:%zz@h/d", /no address of PostgreSQL/],
])("refuses %s", (text, message) => {
  expect(() => postgresPlace(text)).toThrow(UsageError);
  expect(() => postgresPlace(text)).toThrow(message);
});

it.each(["?", "#", "/", "@", "%", ":", " ", "?x=1&", '"'])("tells nothing of a password with a raw %s in it", (odd) => {
  const text = `postgres://ana:SECRET${odd}MORE@host/db?sslmod=x`;
  let said = "";
  try {
    said = postgresPlace(text).where;
  } catch (error) {
    said = (error as Error).message;
  }
  expect(said).not.toMatch(/SECRET|MORE/);
  expect(said).not.toBe("");
});
