import { data, quoted, UsageError } from "../options.ts";
import { largestShare } from "./tables/labels.ts";
import type { JsonDocument } from "./tables/json.ts";
import { parseRows, writeRows, type IntMatrix } from "./tables/matrix.ts";
import { called, jsonEntry, jsonMatrix, readMatrix } from "./tables/read.ts";
import { defineTask } from "./task.ts";

/**
 * The `rows` option for the content of a file: CSV, each line the inputs and then the label, with or without a header;
 * or JSON, a list of such rows or `{"inputs": [[…], …], "labels": […]}`. All are whole numbers of at least 0.
 * @throws UsageError that names file, line, column and cause
 */
export function readDataset(content: string, filename: string): string {
  return writeRows(readMatrix(content, filename, true, inputsAndLabels), filename);
}

function inputsAndLabels(document: JsonDocument): IntMatrix {
  const { root, wrong } = document;
  const entries = root.kind === "object" ? root.entries : [];
  const part = (key: string) => {
    const [entry, second] = entries.filter((candidate) => candidate.key === key);
    if (entry === undefined) throw wrong(root.at, `"${key}" is missing; give "inputs" and "labels"`);
    if (second !== undefined) throw wrong(second.at, `"${key}" is given twice`);
    return entry.value;
  };
  const other = entries.find(({ key }) => key !== "inputs" && key !== "labels");
  if (other) throw wrong(other.at, `${quoted(other.key)} is unknown; give "inputs" and "labels"`);
  const inputs = jsonMatrix(part("inputs"), document);
  const labels = part("labels");
  if (labels.kind !== "array") throw wrong(labels.at, `expected a list of labels, found ${called(labels)}`);
  if (labels.items.length !== inputs.rows)
    throw wrong(
      labels.at,
      `labels: ${labels.items.length}, rows of inputs: ${inputs.rows}; give one label for each row`,
    );
  const columns = inputs.columns + 1;
  const values = new Int32Array(inputs.rows * columns);
  labels.items.forEach((label, r) => {
    values.set(inputs.values.subarray(r * inputs.columns, (r + 1) * inputs.columns), r * columns);
    values[r * columns + columns - 1] = jsonEntry(label, wrong);
  });
  return { rows: inputs.rows, columns, values };
}

/**
 * A user's own examples. The vocabulary is 0 … the largest input, the answers 0 … the largest label. Rows with the same
 * inputs form one orbit, so that a split can keep copies of an example on one side; their labels may disagree (noise).
 */
export const dataset = defineTask({
  name: "dataset",
  summary: "Examples of your own: whole numbers in, a label out.",
  fields: {
    rows: data(
      readDataset,
      "examples: inputs, then the label, separated by commas; rows by semicolons; or a CSV or JSON file",
    ),
  },
  examples: "table",
  inputs: "tokens",
  build: ({ rows }) => {
    if (rows.trim() === "")
      throw new UsageError('task.rows: give examples, such as "0,0,0;0,1,1;1,0,1;1,1,0", or a CSV or JSON file');
    const { rows: n, columns, values } = parseRows(rows, "task.rows");
    const seqLen = columns - 1;
    if (seqLen === 0) throw new UsageError("task.rows: one number in each row; give at least one input and the label");
    const tokens = Int32Array.from({ length: n * seqLen }, (_, i) => values[i + Math.floor(i / seqLen)]);
    const labels = Int32Array.from({ length: n }, (_, i) => values[i * columns + seqLen]);
    const chance = largestShare(labels);
    if (chance === 1) throw new UsageError("task.rows: every label is the same; give at least two different ones");
    const orbits = copies(tokens, seqLen);
    return {
      name: "dataset",
      n,
      inputs: { kind: "tokens", tokens, seqLen, vocabSize: largest(tokens) + 1 },
      labels,
      numClasses: largest(labels) + 1,
      chance,
      ...(orbits ? { orbits } : {}),
    };
  },
});

const largest = (values: Int32Array) => values.reduce((most, value) => Math.max(most, value));

/** Equal rows under one number, numbered in order of appearance; undefined when all rows differ. */
function copies(tokens: Int32Array, seqLen: number): Int32Array | undefined {
  const seen = new Map<string, number>();
  const orbits = Int32Array.from({ length: tokens.length / seqLen }, (_, i) => {
    const key = tokens.subarray(i * seqLen, (i + 1) * seqLen).join(",");
    const orbit = seen.get(key) ?? seen.size;
    seen.set(key, orbit);
    return orbit;
  });
  return seen.size === orbits.length ? undefined : orbits;
}
