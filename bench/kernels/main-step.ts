// One training step of the main run, op by op and whole: p = 67, dModel 500, dMlp 24, 911 unordered pairs, tied.
import {
  adamw,
  crossEntropy,
  gatherSum,
  indices,
  matmul,
  relu,
  scope,
  tensor,
  valueAndGrad,
  zeros,
  type DType,
  type Params,
  type Tensor,
} from "../../src/tensor/index.ts";
import { numbers, report, time } from "../harness.ts";

const [p, d, h, n] = [67, 500, 24, 911];
const rates = { learningRate: 1e-3, beta1: 0.9, beta2: 0.98, eps: 1e-8, weightDecay: 1 };

const pairs = Array.from({ length: p * p }, (_, at) => [Math.floor(at / p), at % p]).filter(([a, b]) => a <= b);
// 911 of the 2,278 pairs, spread over the table.
const chosen = Array.from({ length: n }, (_, i) => pairs[Math.floor((i * pairs.length) / n)]);

function bench(dtype: DType): void {
  scope(() => {
    const tokens = indices(chosen.flat());
    const labels = indices(chosen.map(([a, b]) => (a + b) % p));
    const params = {
      E: tensor(numbers(p * d), [p, d], dtype),
      H: tensor(numbers(d * h), [d, h], dtype),
      O: tensor(numbers(h * d), [h, d], dtype),
    };
    const moments = Object.values(params).map((t) => [zeros(t.shape, dtype), zeros(t.shape, dtype)]);
    const loss = ({ E, H, O }: Params): Tensor => {
      const table = matmul(E, H); // [p, h]
      const post = relu(gatherSum([table, table], tokens, n)); // [n, h]
      return crossEntropy(matmul(post, matmul(O, E, { transposeB: true })), labels);
    };
    const logits = tensor(numbers(n * p), [n, p], dtype);
    let count = 0;
    const update = (grads: Params): void => {
      count++;
      Object.entries(params).forEach(([name, t], i) =>
        adamw(t, grads[name], moments[i][0], moments[i][1], { ...rates, count }),
      );
    };
    report(
      `${dtype}, softmax, loss and their gradient`,
      time(() => scope(() => void valueAndGrad((given) => crossEntropy(given["logits"], labels), { logits }))),
    );
    report(
      `${dtype}, AdamW on 57,500 parameters`,
      time(() => update(params)),
    );
    report(
      `${dtype}, forward`,
      time(() => scope(() => void loss(params))),
    );
    report(
      `${dtype}, forward and backward`,
      time(() => scope(() => void valueAndGrad(loss, params))),
    );
    report(
      `${dtype}, whole step`,
      time(() => scope(() => update(valueAndGrad(loss, params).grads))),
    );
  });
}

bench("float32");
bench("float64");
