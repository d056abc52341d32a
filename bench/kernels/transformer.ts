// Products of the shapes of a language model's training step: 190 rows in a batch, widths 128 to 512, feed-forward up to
// 2048, as they are computed forwards, for the gradient of the input (second transposed) and of the weights (first).
import { matmul, scope, tensor, type DType } from "../../src/tensor/index.ts";
import { numbers, report, time } from "../harness.ts";

const rows = 190;
const layers: readonly (readonly [k: number, n: number])[] = [
  [128, 32],
  [128, 128],
  [128, 512],
  [512, 128],
  [256, 256],
  [256, 1024],
  [512, 512],
  [512, 2048],
  [2048, 512],
];

function bench(name: string, m: number, n: number, k: number, transposeA: boolean, transposeB: boolean): void {
  const dtype: DType = "float32";
  scope(() => {
    const A = tensor(numbers(m * k), transposeA ? [k, m] : [m, k], dtype);
    const B = tensor(numbers(k * n), transposeB ? [n, k] : [k, n], dtype);
    report(name, time(() => matmul(A, B, { transposeA, transposeB }).dispose()), 2 * m * n * k); // prettier-ignore
  });
}

for (const [k, n] of layers) {
  bench(`[${rows}, ${k}] @ [${k}, ${n}]`, rows, n, k, false, false);
  bench(`[${rows}, ${n}] @ [${k}, ${n}]^T`, rows, k, n, false, true);
  bench(`[${rows}, ${k}]^T @ [${rows}, ${n}]`, k, n, rows, true, false);
}
