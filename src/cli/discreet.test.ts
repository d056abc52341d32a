import { expect, it } from "vitest";
import { discreet } from "./discreet.ts";
import type { Io } from "./io.ts";
import { commandLine } from "./session.ts";

const address = `postgres://ana:pw"x/7@db.lab/grok`;

function writing(argv: readonly string[]): { readonly io: Io; readonly written: unknown[] } {
  const written: unknown[] = [];
  const output = { write: (chunk: unknown) => void written.push(chunk), isTTY: false, columns: undefined };
  return { io: discreet({ stdout: output, stderr: output } as unknown as Io, argv), written };
}

it("writes no password of an address of the call, whatever it stands in", () => {
  const { io, written } = writing(["sweep", "quick", "--store", address, "--queue=redis://:hidden@q:1/0"]);
  io.stderr.write(`cannot open ${address}: refused\n`);
  io.stdout.write(JSON.stringify({ store: address, mail: "a@b" }));
  io.stdout.write('postgres://ana:pw"x/7@other/path and redis://:hidden@q:1/0');
  expect(written).toEqual([
    "cannot open postgres://ana@db.lab/grok: refused\n",
    '{"store":"postgres://ana@db.lab/grok","mail":"a@b"}',
    "postgres://ana@other/path and redis://@q:1/0",
  ]);
  expect(written.join("")).not.toMatch(/hidden|pw/);
});

it("leaves bytes and everything else as it is", () => {
  const { io, written } = writing(["run", "--store", "postgres://a:b@c/d?password=e"]);
  const bytes = Uint8Array.of(1, 2);
  io.stdout.write(bytes);
  io.stdout.write("a:b password=e password=f :b@c");
  expect(written).toEqual([bytes, "a:b password=*** password=f @c"]);
  expect(writing(["run", "--store", "folder"]).io.stdout).toHaveProperty("columns", undefined);
});

it("keeps passwords out of a command that is shown or stored", () => {
  expect(commandLine("groklab", ["sweep", "quick", "--store", address, `--queue=${address}`])).toBe(
    "groklab sweep quick --store postgres://ana@db.lab/grok --queue=postgres://ana@db.lab/grok",
  );
});
