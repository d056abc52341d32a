import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Place } from "../testing/io.ts";

let place: Place;
let taken: Server;
beforeEach(async () => {
  place = new Place();
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  place.remove();
  taken.close();
});

describe("groklab open", () => {
  it("refuses a port that is none, before anything is opened", async () => {
    const { code, stderr } = await place.call(["open", "--port", "70000"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--port: 70000 is no port");
    expect((await place.call(["open", "--port", "x"])).code).toBe(2);
  });

  it("says so where the port is taken, or the app is not built", async () => {
    const { port } = taken.address() as AddressInfo;
    const { code, stderr } = await place.call(["open", "--port", String(port)]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/port \d+ is taken; without --port a free one is found|the web app is not built/);
  });
});
