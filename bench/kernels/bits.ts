// The parity network, 30 bits and a bias column -> h -> 1, full batch: forward, backward, update, and the whole step.
import {
  adamw,
  binaryCrossEntropy,
  bitMlp,
  bitProduct,
  bitRows,
  indices,
  scope,
  sum,
  tensor,
  valueAndGrad,
  zeros,
  type DType,
} from "../../src/tensor/index.ts";
import { numbers, report, time } from "../harness.ts";

const rates = { learningRate: 3e-3, beta1: 0.99, beta2: 0.98, eps: 1e-8, weightDecay: 0.1 };

function bench(n: number, h: number, dtype: DType): void {
  scope(() => {
    const width = 31;
    const bits = Uint8Array.from(numbers(n * width), (x, i) => Number(i % width === width - 1 || x > 0));
    const rows = bitRows(bits, n, width);
    const labels = indices(Int32Array.from({ length: n }, (_, i) => bits[i * width] ^ bits[i * width + 1]));
    const params = {
      W_in: tensor(numbers(width * h), [width, h], dtype),
      W_out: tensor(numbers(h), [h, 1], dtype),
    };
    const { W_in, W_out } = params;
    const m = [zeros(W_in.shape, dtype), zeros(W_out.shape, dtype)];
    const v = [zeros(W_in.shape, dtype), zeros(W_out.shape, dtype)];
    let count = 0;
    const loss = () => valueAndGrad((p) => binaryCrossEntropy(bitMlp(rows, p["W_in"], p["W_out"]), labels), params);
    const name = `${n} x ${width} -> ${h} -> 1, ${dtype}, `;
    report(
      `${name}bitProduct`,
      time(() => bitProduct(rows, W_in).dispose()),
    );
    report(
      `${name}bitMlp forward`,
      time(() => bitMlp(rows, W_in, W_out).dispose()),
    );
    report(
      `${name}bitMlp and gradient`,
      time(() => scope(() => void valueAndGrad((p) => sum(bitMlp(rows, p["W_in"], p["W_out"])), params))),
    );
    report(
      `${name}with the loss`,
      time(() => scope(() => void loss())),
    );
    report(
      `${name}whole step`,
      time(() =>
        scope(() => {
          const { grads } = loss();
          count++;
          adamw(W_in, grads["W_in"], m[0], v[0], { ...rates, count });
          adamw(W_out, grads["W_out"], m[1], v[1], { ...rates, count });
        }),
      ),
    );
  });
}

for (const [n, h] of [
  [1000, 128],
  [1200, 32],
  [750, 16],
  [1750, 258],
] as const)
  for (const dtype of ["float32", "float64"] as const) bench(n, h, dtype);
