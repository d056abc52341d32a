import { expect, it } from "vitest";
import { Speed } from "./speed.ts";

it("the speed is that of the last seconds", () => {
  const speed = new Speed(10);
  expect(speed.perSecond).toBeUndefined();
  speed.add(0, 0);
  expect(speed.perSecond).toBeUndefined();
  speed.add(100, 1);
  expect(speed.perSecond).toBe(100);
  for (let second = 2; second <= 40; second++) speed.add(100 + 10 * (second - 1), second);
  expect(speed.perSecond).toBe(10);
});

it("two marks at one time are no speed", () => {
  const speed = new Speed();
  speed.add(0, 5);
  speed.add(10, 5);
  expect(speed.perSecond).toBeUndefined();
});
