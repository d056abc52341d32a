import { parquetWriteBuffer } from "hyparquet-writer";
import { toPublished } from "../models/transformer-published.ts";
import { UsageError } from "../options.ts";
import { encodeNpz } from "../tensor/formats/npz.ts";
import { encodeSafetensors } from "../tensor/formats/safetensors.ts";
import type { NamedArrays } from "../tensor/index.ts";
import type { Checkpoint } from "../train/checkpoint.ts";
import { latestCheckpoint } from "./latest-checkpoint.ts";
import type { Store } from "./store.ts";
import { type Column, evalTable, type RunCurves } from "./table.ts";

/** Curves as a table, or weights as named arrays. */
export const exportFormats = ["csv", "parquet", "npz", "safetensors", "json"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportOptions {
  /** Weights of a transformer by the published PyTorch names instead of this project's. */
  readonly publishedNames?: boolean | undefined;
  /** Weights of this step's checkpoint; by default of the newest whole one. */
  readonly step?: number | undefined;
  /** Gets one line for each checkpoint that was found damaged. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** Gets for each run, in their order, the step of the checkpoint whose weights are exported. */
  readonly onStep?: ((step: number, id: string) => void) | undefined;
}

/**
 * Runs as the bytes of one file. csv, json and parquet hold the curves, npz and safetensors the weights of a checkpoint:
 * names as in the network, with `<run id>/` before them when there are several runs.
 * @throws UsageError for a run that is not there, or has no weights, and for a step where none are or none are asked for
 */
export async function exportRuns(
  store: Store,
  ids: readonly string[],
  format: ExportFormat,
  options: ExportOptions = {},
): Promise<Uint8Array> {
  if (ids.length === 0) throw new UsageError("export: no run was given");
  if (options.step !== undefined && format !== "npz" && format !== "safetensors") {
    throw new UsageError(`step: ${format} holds every step; a step is chosen for npz and safetensors only`);
  }
  if (options.publishedNames === true && format !== "npz" && format !== "safetensors") {
    throw new UsageError(`--published-names: ${format} holds curves; give npz or safetensors`);
  }
  const runs = await Promise.all(ids.map((id) => readRun(store, id)));
  switch (format) {
    case "csv":
      return encodeCsv(evalTable(runs));
    case "parquet":
      return encodeParquet(evalTable(runs));
    case "json":
      return encodeJson(runs);
    case "npz":
    case "safetensors": {
      const weights: (readonly [string, Checkpoint])[] = [];
      for (const id of ids) {
        const checkpoint = await readWeights(store, id, options);
        options.onStep?.(checkpoint.step, id);
        const params = options.publishedNames === true ? toPublished(checkpoint.params) : checkpoint.params;
        weights.push([id, { ...checkpoint, params }]);
      }
      const arrays = allArrays(weights);
      return format === "npz" ? encodeNpz(arrays) : encodeSafetensors(arrays, weightsMetadata(runs, weights));
    }
  }
}

async function readRun(store: Store, id: string): Promise<RunCurves> {
  const record = await store.find(id);
  if (!record) throw new UsageError(`run ${id} is not in the store ${store.where}`);
  return { record, evals: await store.evals(id) };
}

async function readWeights(store: Store, id: string, { step, onWarning }: ExportOptions): Promise<Checkpoint> {
  if (step !== undefined) {
    const stored = await store.checkpoints(id);
    if (stored.includes(step)) return store.loadCheckpoint(id, step);
    throw new UsageError(`run ${id} has no checkpoint at step ${step}${nearestSteps(stored, step)}`);
  }
  const checkpoint = await latestCheckpoint(store, id, onWarning);
  if (checkpoint) return checkpoint;
  throw new UsageError(`run ${id} has no checkpoint yet: there are no weights to export`);
}

function nearestSteps(stored: readonly number[], step: number): string {
  const before = stored.filter((other) => other < step).at(-1);
  const after = stored.find((other) => other > step);
  const near = [before, after].filter((other) => other !== undefined);
  return near.length === 0 ? "; it has none" : `; nearest: ${near.join(" and ")}`;
}

function allArrays(weights: readonly (readonly [string, Checkpoint])[]): NamedArrays {
  const prefix = (id: string) => (weights.length > 1 ? `${id}/` : "");
  return Object.fromEntries(
    weights.flatMap(([id, { params }]) =>
      Object.entries(params).map(([name, array]) => [prefix(id) + name, array] as const),
    ),
  );
}

/** Where the weights come from: run, step and plan; with several runs, lists in their order. */
function weightsMetadata(runs: readonly RunCurves[], weights: readonly (readonly [string, Checkpoint])[]) {
  const steps = weights.map(([, { step }]) => step);
  const plans = runs.map(({ record }) => record.plan);
  const [record] = runs.map((run) => run.record);
  if (runs.length === 1) return { run: record.id, step: String(steps[0]), plan: JSON.stringify(plans[0]) };
  return {
    run: JSON.stringify(runs.map((run) => run.record.id)),
    step: JSON.stringify(steps),
    plan: JSON.stringify(plans),
  };
}

/** RFC 4180 with a header line; NaN, Infinity and -Infinity by these names, an absent option as an empty field. */
export function encodeCsv(columns: readonly Column[]): Uint8Array {
  const lines = [columns.map(({ name }) => quoted(name)).join(",")];
  const count = columns[0]?.values.length ?? 0;
  for (let row = 0; row < count; row++) {
    lines.push(columns.map(({ values }) => quoted(String(values[row] ?? ""))).join(","));
  }
  return new TextEncoder().encode(`${lines.join("\n")}\n`);
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** What the store knows of each run, with its curves. JSON has no NaN: it and the infinities stand there as text. */
export function encodeJson(runs: readonly RunCurves[]): Uint8Array {
  const json = JSON.stringify(
    runs.map(({ record, evals }) => ({ ...record, evals })),
    (_, value: unknown) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value),
    1,
  );
  return new TextEncoder().encode(`${json}\n`);
}

/** Parquet with 64-bit integers and floats; NaN stays NaN, an absent option is null. */
export function encodeParquet(columns: readonly Column[]): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: columns.map((column) => ({
        name: column.name,
        nullable: column.values.includes(null),
        ...parquetColumn(column),
      })),
      // Bounds of a column with NaN mean different things to different readers.
      statistics: false,
    }),
  );
}

function parquetColumn(column: Column) {
  switch (column.type) {
    case "text":
      return { type: "STRING" as const, data: [...column.values] };
    case "integer":
      return { type: "INT64" as const, data: column.values.map((value) => (value === null ? null : BigInt(value))) };
    case "number":
      return { type: "DOUBLE" as const, data: [...column.values] };
    case "bool":
      return { type: "BOOLEAN" as const, data: [...column.values] };
  }
}
