// Products of the shapes of a training step of the main run (p = 67, dModel 500, dMlp 24, 911 rows), and square ones.
import { matmul, scope, tensor, type DType } from "../../src/tensor/index.ts";
import { numbers, report, time } from "../harness.ts";

type Shape = [name: string, m: number, n: number, k: number, transposes?: "T " | " T" | "TT"];

const step: Shape[] = [
  ["E H           [67, 500] @ [500, 24]", 67, 24, 500],
  ["O E^T         [24, 500] @ [67, 500]^T", 24, 67, 500, " T"],
  ["logits        [911, 24] @ [24, 67]", 911, 67, 24],
  ["d(O E^T)      [911, 24]^T @ [911, 67]", 24, 67, 911, "T "],
  ["d post        [911, 67] @ [24, 67]^T", 911, 24, 67, " T"],
  ["d E           [67, 24] @ [500, 24]^T", 67, 500, 24, " T"],
  ["d E           [24, 67]^T @ [24, 500]", 67, 500, 24, "T "],
  ["d H           [67, 500]^T @ [67, 24]", 500, 24, 67, "T "],
  ["d O           [24, 67] @ [67, 500]", 24, 500, 67],
];
const square: Shape[] = [
  ["512", 512, 512, 512],
  ["512, second transposed", 512, 512, 512, " T"],
  ["512, first transposed", 512, 512, 512, "T "],
  ["512, both transposed", 512, 512, 512, "TT"],
  ["128", 128, 128, 128],
];

function bench([name, m, n, k, transposes]: Shape, dtype: DType): number {
  const options = { transposeA: transposes?.startsWith("T") ?? false, transposeB: transposes?.endsWith("T") ?? false };
  return scope(() => {
    const A = tensor(numbers(m * k), options.transposeA ? [k, m] : [m, k], dtype);
    const B = tensor(numbers(k * n), options.transposeB ? [n, k] : [k, n], dtype);
    const timing = time(() => matmul(A, B, options).dispose());
    report(name, timing, 2 * m * n * k);
    return timing.median;
  });
}

/** Heads of an attention layer: [8, t, dHead] against each other. */
function batched(heads: number, t: number, dHead: number, dtype: DType): void {
  scope(() => {
    const make = () => tensor(numbers(heads * t * dHead), [heads, t, dHead], dtype);
    const [q, k] = [make(), make()];
    const timing = time(() => matmul(q, k, { transposeB: true }).dispose());
    report(`${heads} heads, Q K^T, ${t} positions of ${dHead}`, timing, 2 * heads * t * t * dHead);
  });
}

for (const dtype of ["float32", "float64"] as const) {
  console.log(`\n${dtype}`);
  const total = step.map((shape) => bench(shape, dtype)).reduce((sum, us) => sum + us);
  console.log(`products of one step together ${total.toFixed(0)} us`);
  for (const shape of square) bench(shape, dtype);
  batched(8, 32, 32, dtype);
  batched(1024, 3, 32, dtype);
}
