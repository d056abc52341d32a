import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MemoryError, dispose, keep, memoryInUse, scope } from "./memory.ts";
import { add, relu, reshape, sum } from "./index.ts";
import { indices, read, scalarValue, tensor, view, zeros } from "./tensor.ts";
import { valueAndGrad } from "./tape.ts";

describe("scope", () => {
  it("gives back what was allocated inside, also when it ends in an error", () => {
    scope(() => zeros([1], "float32")); // the memory exists from the first tensor on
    const before = memoryInUse();
    scope(() => {
      add(zeros([100], "float32"), zeros([100], "float32"));
      indices([1, 2, 3]);
      expect(memoryInUse().blocks).toBe(before.blocks + 4);
    });
    expect(() =>
      scope(() => {
        zeros([5], "float64");
        throw new Error("on the way");
      }),
    ).toThrow("on the way");
    expect(memoryInUse()).toEqual(before);
  });

  it("leaves what was kept, which then belongs to the scope around it", () => {
    const before = memoryInUse().blocks;
    const outer = scope(() => {
      const middle = scope(() => {
        const inner = scope(() => keep(tensor([1, 2], [2], "float32")));
        tensor([3, 4], [2], "float32");
        return keep(add(inner, inner));
      });
      expect(memoryInUse().blocks).toBe(before + 1);
      return Array.from(read(middle));
    });
    expect(outer).toEqual([2, 4]);
    expect(memoryInUse().blocks).toBe(before);
  });

  it("does not keep beyond the innermost scope, nor what belongs to an outer one", () => {
    const before = memoryInUse().blocks;
    scope(() => {
      const t = zeros([3], "float32");
      scope(() => keep(t));
    });
    expect(memoryInUse().blocks).toBe(before);
  });

  it("keeps memory that two handles share until both are gone", () => {
    const before = memoryInUse().blocks;
    const shaped = scope(() => keep(reshape(tensor([1, 2, 3, 4], [2, 2], "float64"), [4])));
    expect(Array.from(read(shaped))).toEqual([1, 2, 3, 4]);
    dispose(shaped);
    expect(memoryInUse().blocks).toBe(before);
  });

  it("says so when a tensor is used after it was given back", () => {
    const gone = scope(() => zeros([3], "float32"));
    expect(() => relu(gone)).toThrow(/used after it was given back.*keep\(\)/);
    expect(() => scalarValue(scope(() => zeros([], "float64")))).toThrow(/used after it was given back/);
    expect(() => scope(() => keep(gone))).toThrow(/used after it was given back/);
  });
});

describe("dispose", () => {
  it("takes tensors, indices and named trees, and does no harm the second time", () => {
    const before = memoryInUse();
    const params = { a: zeros([10], "float32"), b: zeros([20], "float64") };
    const rows = indices([0, 1]);
    dispose(params);
    dispose(params);
    dispose(rows);
    expect(memoryInUse()).toEqual(before);
  });

  it("inside a scope frees once, in any order", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(19), { maxLength: 40 }), (order) => {
        const before = memoryInUse();
        scope(() => {
          const made = Array.from({ length: 20 }, (_, i) => tensor([i], [1], "float64"));
          for (const i of order) dispose(made[i]);
          made.forEach((t, i) => {
            if (!order.includes(i)) expect(scalarValue(t)).toBe(i);
          });
        });
        expect(memoryInUse()).toEqual(before);
      }),
    );
  });
});

describe("the allocator", () => {
  it("never gives the same memory to two live tensors", () => {
    const sizes = fc.array(fc.record({ size: fc.integer({ min: 0, max: 5000 }), drop: fc.boolean() }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(sizes, (steps) => {
        scope(() => {
          const live: { from: number; to: number }[] = [];
          for (const { size, drop } of steps) {
            const t = zeros([size], "float32");
            expect(t.ptr % 64).toBe(0);
            if (drop) dispose(t);
            else live.push({ from: t.ptr, to: t.ptr + 4 * size });
          }
          live.sort((a, b) => a.from - b.from);
          for (let i = 1; i < live.length; i++) expect(live[i].from).toBeGreaterThanOrEqual(live[i - 1].to);
        });
      }),
    );
  });

  it("leaks nothing over many thousand steps of varying size", () => {
    const params = { w: tensor([1, -2, 3], [3], "float64") };
    const step = (i: number): void => {
      const { value, grads } = valueAndGrad(({ w }) => sum(relu(add(zeros([1 + (i % 50), 3], "float64"), w))), params);
      dispose(value);
      dispose(grads);
    };
    for (let i = 0; i < 100; i++) step(i);
    const before = memoryInUse();
    for (let i = 0; i < 20_000; i++) step(i);
    expect(memoryInUse()).toEqual(before);
    // The same inside somebody's scope, which has to forget what was given back before its end.
    scope(() => {
      for (let i = 0; i < 20_000; i++) step(i);
      expect(memoryInUse()).toEqual(before);
    });
    dispose(params);
  });

  it("serves two computations that take turns", () => {
    const make = (value: number) => ({ w: tensor([value], [1], "float64") });
    const runs = [make(2), make(-3)];
    for (let i = 0; i < 5; i++)
      for (const run of runs) {
        const { grads } = valueAndGrad(({ w }) => sum(add(w, w)), run);
        expect(Array.from(read(grads["w"]))).toEqual([2]);
        view(run.w)[0] += 1;
        dispose(grads);
      }
    expect(runs.map(({ w }) => scalarValue(w))).toEqual([7, 2]);
    runs.forEach(dispose);
  });

  it("keeps contents when the memory grows, and says when it cannot", () => {
    scope(() => {
      const first = tensor([1, 2, 3], [3], "float32");
      const size = memoryInUse().reservedBytes;
      const large = zeros([size / 4 + 1], "float32");
      expect(memoryInUse().reservedBytes).toBeGreaterThan(size);
      expect(Array.from(read(first))).toEqual([1, 2, 3]);
      expect(view(large).every((x) => x === 0)).toBe(true);
      expect(() => zeros([2 ** 30], "float64")).toThrow(MemoryError);
      expect(() => zeros([2 ** 29 - 100], "float64")).toThrow(/no memory for \d+ bytes: \d+ are in use/);
      expect(Array.from(read(add(first, first)))).toEqual([2, 4, 6]);
    });
  });
});
