import { describe, expect, it } from "vitest";
import type { Io } from "../io.ts";
import { waiting } from "./waiting.ts";

function terminal(isTTY: boolean) {
  let [seconds, text] = [0, ""];
  const stderr = { isTTY, columns: 40, write: (chunk: string | Uint8Array) => void (text += String(chunk)) };
  const io = { stderr, env: {}, now: () => seconds } as unknown as Io;
  return { io, wait: (by: number) => (seconds += by), text: () => text };
}

describe("a line for whoever waits", () => {
  it("shows after a second, in its place, and goes", () => {
    const { io, wait, text } = terminal(true);
    const line = waiting({ io }, "checkpoint");
    line.at(1, 100);
    expect(text()).toBe("");
    wait(1.5);
    line.at(20, 100);
    expect(text()).toBe("checkpoint 20 of 100");
    line.at(21, 100); // too soon to be read
    wait(0.2);
    line.at(30, 100);
    line.end();
    line.end();
    expect(text()).toBe("checkpoint 20 of 100\r\x1b[Jcheckpoint 30 of 100\r\x1b[J");
  });

  it("leaves a log alone", () => {
    const { io, wait, text } = terminal(false);
    const line = waiting({ io }, "checkpoint");
    wait(5);
    line.at(20, 100);
    line.end();
    expect(text()).toBe("");
  });
});
