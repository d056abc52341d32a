// What leaving out zeros saves: products of a language model's hidden layer, of which a share is not zero.
// node dist/bench/kernels/zeros.js
import { matmul, scope, tensor, valueAndGrad, sum } from "../../src/tensor/index.ts";
import { numbers, report, time } from "../harness.ts";
void valueAndGrad; void sum;
const rows = 190;
for (const [d, f] of [[128, 128], [256, 1024]] as const)
  for (const share of [1, 0.5, 0.45, 0.2, 0.1, 0.05])
    scope(() => {
      const chosen = numbers(rows * f * 3);
      const h = tensor(numbers(rows * f).map((x, i) => (chosen[2 * rows * f + ((i * 7919) % (rows * f))] + 0.5 < share ? x : 0)), [rows, f], "float32");
      const W = tensor(numbers(f * d), [f, d], "float32");
      const Wt = tensor(numbers(f * d), [d, f], "float32");
      const y = tensor(numbers(rows * d), [rows, d], "float32");
      const zeros = share === 1 ? {} : ({ zeros: "a" } as const);
      const flop = 2 * rows * d * f;
      report(`h W_out, ${share}`, time(() => void matmul(h, W, zeros).dispose()), flop);
      report(`h W_inT, ${share}`, time(() => void matmul(h, Wt, { transposeB: true, ...zeros }).dispose()), flop);
      report(`hT y, ${share}`, time(() => void matmul(h, y, { transposeA: true, ...zeros }).dispose()), flop);
    });
