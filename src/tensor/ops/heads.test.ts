import { describe, expect, it } from "vitest";
import { array, filled, gradcheck, weigh } from "../../../test/gradcheck.ts";
import { matmul, read, scope, sum, tensor, zeros } from "../index.ts";
import { mergeHeads, splitHeads } from "./heads.ts";

describe("heads", () => {
  it("split as one product for each head, and merge as their sum", () => {
    scope(() => {
      const [x, W] = [filled([7, 10], 1, "float64"), filled([3, 10, 4], 2, "float64")];
      const z = splitHeads(x, W);
      expect(z.shape).toEqual([3, 7, 4]);
      for (let h = 0; h < 3; h++) {
        const one = matmul(x, tensor(read(W).slice(h * 40, (h + 1) * 40), [10, 4], "float64"));
        expect(read(z).slice(h * 28, (h + 1) * 28)).toEqual(read(one));
      }
      const out = filled([3, 4, 10], 3, "float64");
      const wanted = read(sum(matmul(z, out), 0));
      read(mergeHeads(z, out)).forEach((value, i) => expect(value).toBeCloseTo(wanted[i], 13));
    });
  });

  it("have the gradients that central differences have", () => {
    gradcheck(({ x, W }) => weigh(splitHeads(x, W)), { x: array([5, 6], 1), W: array([2, 6, 3], 2) });
    gradcheck(({ z, W }) => weigh(mergeHeads(z, W)), { z: array([2, 5, 3], 1), W: array([2, 3, 6], 2) });
  });

  it("refuse shapes that do not fit", () => {
    scope(() => {
      const W = zeros([2, 6, 3], "float32");
      expect(() => splitHeads(zeros([5, 7], "float32"), W)).toThrow(/inner sizes differ/);
      expect(() => splitHeads(zeros([5, 6], "float64"), W)).toThrow(/precisions differ/);
      expect(() => mergeHeads(zeros([3, 5, 6], "float32"), W)).toThrow(/heads differ/);
    });
  });
});
