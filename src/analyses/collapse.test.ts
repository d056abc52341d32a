import { describe, expect, it } from "vitest";
import { untapped } from "../models/index.ts";
import { plan } from "../train/plan.ts";
import { setUp } from "../train/setup.ts";
import { exportArrays, indices, read, scope } from "../tensor/index.ts";
import type { Value } from "../options.ts";
import { collapse, networkOf } from "./collapse.ts";

const pairs = Int32Array.from([0, 0, 1, 4, 6, 2, 5, 5]);

/** Logits of the model and those of its matrices, multiplied out. */
function both(model: Readonly<Record<string, Value>>) {
  const setup = setUp(
    plan({
      task: { name: "modular-addition", p: 7 },
      model: { name: "factored", dModel: 6, dMlp: 6, ...model },
      optimizer: { name: "adamw" },
      training: { precision: "float64" },
    }),
  );
  return scope(() => {
    const params = setup.init();
    const batch = { kind: "tokens", n: 4, seqLen: 2, tokens: indices(pairs) } as const;
    const expected = read(setup.apply(params, batch, untapped));
    const { inputs, output } = collapse(exportArrays(params));
    const n = output.rows;
    const logits = [0, 1, 2, 3].flatMap((i) => {
      const hidden = Array.from({ length: n }, (_, j) => {
        const pre = inputs[0].data[pairs[2 * i] * n + j] + inputs[1].data[pairs[2 * i + 1] * n + j];
        return model["activation"] === "square" ? pre * pre : Math.max(0, pre);
      });
      return Array.from({ length: 7 }, (_, c) => hidden.reduce((sum, h, j) => sum + h * output.data[j * 7 + c], 0));
    });
    return { expected, logits };
  });
}

const onOff = [false, true];
const variants = ["tied", "input-tied", "untied"].flatMap((embed) =>
  onOff.flatMap((tiedHidden) =>
    onOff.flatMap((collapsedHidden) =>
      onOff.flatMap((collapsedOut) =>
        ["relu", "square"].map((activation) => ({ embed, tiedHidden, collapsedHidden, collapsedOut, activation })),
      ),
    ),
  ),
);

describe("collapsed matrices give the model's logits", () => {
  it.each(variants)(
    "$embed, tiedHidden $tiedHidden, collapsed $collapsedHidden $collapsedOut, $activation",
    (model) => {
      const { expected, logits } = both(model);
      logits.forEach((logit, i) => expect(logit).toBeCloseTo(expected[i], 12));
    },
  );

  it("where a free matrix meets the neurons", () => {
    const { expected, logits } = both({ collapsedOut: true, dModel: 5, dMlp: 9 });
    logits.forEach((logit, i) => expect(logit).toBeCloseTo(expected[i], 12));
  });
});

describe("weights that are no such network", () => {
  const array = (rows: number, cols: number) => ({ shape: [rows, cols], data: new Float64Array(rows * cols) });
  const none = { a: new Int32Array(0), b: new Int32Array(0), label: new Int32Array(0), train: new Uint8Array(0) };

  it("are refused by name", () => {
    expect(() => collapse({ "mlp.W_in": array(3, 4) })).toThrow(/no embedding among mlp.W_in/);
    expect(() => collapse({ "embed.W_E": array(7, 5), "mlp.W_in": array(6, 4) })).toThrow(/embedding matrix is 7 x 5/);
    const classes = { "embed.W_E": array(7, 5), "mlp.W_in": array(5, 4), "unembed.W_U": array(4, 3) };
    expect(() => networkOf(classes, none, "relu")).toThrow(/operands of 7 and 7 numbers, answers of 3/);
  });
});
