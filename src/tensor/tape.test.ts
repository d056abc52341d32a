import { describe, expect, it } from "vitest";
import { array, gradcheck } from "../../test/gradcheck.ts";
import { add, exp, l1Norm, l2Norm, memoryInUse, mul, read, relu, reshape, scalarValue, scope, sin } from "./index.ts";
import { square, sum, tanh, tensor, valueAndGrad, view } from "./index.ts";
import { keep, zeros } from "./index.ts";

describe("valueAndGrad", () => {
  it("adds up the gradients of a tensor that is used many times", () => {
    gradcheck(
      ({ a, b }) => {
        const x = tanh(mul(a, b));
        const y = add(add(x, a), reshape(x, [2, 3]));
        return sum(mul(add(y, y), sin(add(x, square(y)))));
      },
      { a: array([2, 3], 1), b: array([3], 2) },
    );
  });

  it("gives zeros for what the function does not use, and nothing for exceptions", () => {
    scope(() => {
      const params = {
        used: tensor([1, 2], [2], "float64"),
        unused: tensor([3], [1], "float64"),
        fixed: tensor([4], [], "float64"),
      };
      const { value, grads } = valueAndGrad(({ used, fixed }) => sum(mul(used, fixed)), params, { except: ["fixed"] });
      expect(scalarValue(value)).toBe(12);
      expect(Object.keys(grads)).toEqual(["used", "unused"]);
      expect(Array.from(read(grads["used"]))).toEqual([4, 4]);
      expect(Array.from(read(grads["unused"]))).toEqual([0]);
    });
  });

  it("follows the tensors it hands out, not the originals", () => {
    scope(() => {
      const a = tensor([2], [], "float64");
      const { grads } = valueAndGrad((p) => mul(p["a"], a), { a });
      expect(scalarValue(grads["a"])).toBe(2);
    });
  });

  it("nests: an inner gradient is a constant to the outer one", () => {
    scope(() => {
      const a = tensor([3], [], "float64");
      const { value, grads } = valueAndGrad(
        (outer) => {
          const inner = valueAndGrad((p) => mul(square(p["b"]), outer["a"]), { b: a });
          return mul(outer["a"], inner.grads["b"]);
        },
        { a },
      );
      expect(scalarValue(value)).toBe(54); // a · 2ab at a = b = 3
      expect(scalarValue(grads["a"])).toBe(18); // 2ab as a constant
    });
  });

  it("returns gradients with memory of their own, for whoever writes to them", () => {
    scope(() => {
      const params = { a: tensor([1, 2], [2], "float32"), b: tensor([3, 4], [2], "float32") };
      const { grads } = valueAndGrad(({ a, b }) => sum(add(a, b)), params);
      view(grads["a"])[0] = 7;
      expect(Array.from(read(grads["b"]))).toEqual([1, 1]);
      const same = valueAndGrad(({ a }) => a, { a: tensor([5], [], "float32") });
      expect([scalarValue(same.value), scalarValue(same.grads["a"])]).toEqual([5, 1]);
    });
  });

  it("leaves the value and the gradients, and what was kept on the way", () => {
    const params = { a: tensor([1, -2], [2], "float64") };
    const before = memoryInUse().blocks;
    const seen: number[] = [];
    scope(() => {
      let hidden = params.a;
      valueAndGrad(({ a }) => sum((hidden = keep(relu(exp(a))))), params);
      expect(memoryInUse().blocks).toBe(before + 3);
      seen.push(...read(hidden));
    });
    expect(seen.map((x) => Math.log(x))).toEqual([1, -2]);
    expect(memoryInUse().blocks).toBe(before);
    params.a.dispose();
  });

  it("goes on after a function that failed", () => {
    scope(() => {
      const params = { a: tensor([1, 2], [2], "float64") };
      expect(() => valueAndGrad(({ a }) => add(a, zeros([3], "float64")), params)).toThrow("add: [2] and [3]");
      expect(() => valueAndGrad(({ a }) => a, params)).toThrow("the function returned [2], not a scalar");
      expect(Array.from(read(valueAndGrad(({ a }) => sum(square(a)), params).grads["a"]))).toEqual([2, 4]);
    });
  });

  it("gives the same bits each time", () => {
    scope(() => {
      const params = {
        a: tensor(array([50, 7], 1).data, [50, 7], "float32"),
        b: tensor(array([7], 2).data, [7], "float32"),
      };
      const once = (): number[] => {
        const { value, grads } = valueAndGrad(({ a, b }) => sum(tanh(mul(add(a, b), b))), params);
        return [scalarValue(value), ...read(grads["a"]), ...read(grads["b"])];
      };
      const first = once();
      zeros([1000], "float32"); // other memory from here on
      expect(once()).toEqual(first);
    });
  });
});

describe("l1Norm and l2Norm", () => {
  it("are taken over all tensors, whatever the order of the names", () => {
    scope(() => {
      const a = tensor([3, -4], [2], "float32");
      const b = tensor([-12], [1], "float64");
      expect(l1Norm({ a, b })).toBe(19);
      expect(l2Norm({ a, b })).toBe(13);
      const many = ["z", "y", "x", "w"].map((name, i) => [name, tensor(array([9], i).data, [9], "float64")] as const);
      expect(l2Norm(Object.fromEntries(many))).toBe(l2Norm(Object.fromEntries([...many].reverse())));
    });
  });
});
