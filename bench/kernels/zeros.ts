// What leaving out zeros saves: products of a feed-forward layer in which a share is not zero, beside the plain ones.
// node dist/bench/kernels/zeros.js
import { matmul, scope, tensor } from "../../src/tensor/index.ts";
import { numbers, report, time } from "../harness.ts";

const rows = 190;
const flop = (d: number, f: number): number => 2 * rows * d * f;

for (const [d, f] of [
  [128, 128],
  [256, 1024],
] as const)
  for (const share of [1, 0.45, 0.2, 0.1, 0.05])
    scope(() => {
      const chosen = numbers(2 * rows * f).subarray(rows * f);
      const some = numbers(rows * f).map((x, i) => (chosen[i] + 0.5 < share ? x : 0));
      const h = tensor(some, [rows, f], "float32");
      const [wOut, wIn] = [tensor(numbers(f * d), [f, d], "float32"), tensor(numbers(f * d), [d, f], "float32")];
      const g = tensor(numbers(rows * d), [rows, d], "float32");
      const zeros = share === 1 ? {} : ({ zeros: "a" } as const);
      const name = `${share === 1 ? "all" : `${100 * share} %`} of [${rows}, ${f}]`;
      report(`${name} @ [${f}, ${d}]`, time(() => matmul(h, wOut, zeros).dispose()), flop(d, f)); // prettier-ignore
      report(`${name} @ [${d}, ${f}]^T`, time(() => matmul(h, wIn, { transposeB: true, ...zeros }).dispose()), flop(d, f)); // prettier-ignore
      report(`${name}^T @ [${rows}, ${d}]`, time(() => matmul(h, g, { transposeA: true, ...zeros }).dispose()), flop(d, f)); // prettier-ignore
    });
