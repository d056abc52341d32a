import { expect, it } from "vitest";
import { add, indices, argmax, read, scope, sum, tensor } from "./index.ts";
import { empty } from "./tensor.ts";

it("tensors beyond the second gigabyte compute like any other", () => {
  scope(() => {
    empty([2 ** 28 + 1000], "float64"); // address space only: nothing touches it
    const a = tensor([1, 2, 3, 4, 5], [5], "float64");
    expect(a.ptr).toBeGreaterThan(2 ** 31);
    expect(Array.from(read(add(a, a)))).toEqual([2, 4, 6, 8, 10]);
    expect(Array.from(read(sum(a)))).toEqual([15]);
    expect(indices([7]).ptr).toBeGreaterThan(2 ** 31);
    expect(Array.from(argmax(a))).toEqual([4]);
  });
});
