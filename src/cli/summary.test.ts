import { expect, it } from "vitest";
import { statusWord } from "./summary.ts";

it("a run that was never ended and that nobody trains is called killed", () => {
  expect(statusWord({ status: "running" })).toBe("killed");
  expect(statusWord({ status: "running", heldBy: "process 7" })).toBe("running");
  expect(statusWord({ status: "stopped" })).toBe("stopped");
});
