import { describe, expect, it } from "vitest";
import { toPublished } from "../models/transformer-published.ts";
import { exportArrays, importArrays, dispose, scope, read } from "../tensor/index.ts";
import { decodeSafetensors, encodeSafetensors } from "../tensor/formats/safetensors.ts";
import { untapped } from "../models/index.ts";
import { importPublished } from "./imported.ts";
import { packSequences } from "./sequence-batch.ts";
import { plan } from "./plan.ts";
import { setUp } from "./setup.ts";
import type { SequenceInputs } from "../tasks/index.ts";

const task = { name: "question-formation", trainSize: 40, validationSize: 10, generalizationSize: 10 };
const model = { name: "transformer", dModel: 16, nLayers: 2, nHeads: 4, mlpRatio: 1.5 };
const setup = setUp(plan({ task, model, optimizer: { name: "adamw" } }));
const made = setup.init();
const weights = exportArrays(made);
dispose(made);
const file = encodeSafetensors(toPublished(weights));

describe("importPublished", () => {
  it("takes in, through a file, what was given out: the same network to the bit", () => {
    const imported = importPublished(decodeSafetensors(file).arrays, { task }, 4);
    expect(imported.params).toEqual(weights);
    expect(imported.plan.model).toMatchObject({ ...model, norm: "post", tied: false });
    expect(imported.notes).toEqual([]);
    scope(() => {
      const inputs = setup.task.inputs as SequenceInputs;
      const batch = packSequences(inputs.train, Int32Array.of(0, 3), inputs.sos);
      const [one, other] = [setup, imported.setup].map((s) =>
        read(s.apply(importArrays(imported.params), batch, untapped)),
      );
      expect(other).toEqual(one);
    });
  });

  it("refuses a task with another vocabulary, and one that is no language", () => {
    const { arrays } = decodeSafetensors(file);
    expect(() => importPublished(arrays, { task: { ...task, name: "tense-inflection" } }, 4)).toThrow(
      /vocabulary has 71 rows, that of task tense-inflection has 101/,
    );
    expect(() => importPublished(arrays, { task: { name: "modular-addition" } }, 4)).toThrow(
      /takes sequences, but task/,
    );
    expect(() => importPublished(arrays, { task }, 3)).toThrow(/3 heads cannot share a width of 16/);
  });
});
