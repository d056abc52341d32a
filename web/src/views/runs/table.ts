import type { RunRecord } from "../../../../src/runs/store.ts";
import { statusWord } from "../../../../src/cli/summary.ts";
import { labels } from "../../../../src/verdict/verdict.ts";

/** One run as a row of the table. */
export interface Row {
  readonly id: string;
  /** What the ids of all seeds of its Plan share. */
  readonly group: string;
  readonly task: string;
  readonly model: string;
  readonly seed: number;
  readonly status: string;
  readonly label: string;
  readonly step: number;
  readonly steps: number;
  readonly fitStep: number | null;
  readonly generalizeStep: number | null;
  readonly accuracy: number;
  readonly updatedAt: string;
  readonly record: RunRecord;
}

export function rowOf(record: RunRecord): Row {
  const { id, plan, verdict } = record;
  return {
    id,
    group: id.replace(/-s\d+$/, ""),
    task: plan.task.name,
    model: plan.model.name,
    seed: plan.seed,
    status: statusWord(record),
    label: verdict?.label ?? "",
    step: record.step,
    steps: Number(plan.training["steps"] ?? 0),
    fitStep: verdict?.fitStep ?? null,
    generalizeStep: verdict?.generalizeStep ?? null,
    accuracy: record.last?.test.accuracy ?? NaN,
    updatedAt: record.updatedAt,
    record,
  };
}

export const columns = [
  { key: "task", title: "Task", narrow: false },
  { key: "model", title: "Model", narrow: false },
  { key: "seed", title: "Seed", narrow: true },
  { key: "label", title: "Verdict", narrow: true },
  { key: "step", title: "Step", narrow: true },
  { key: "accuracy", title: "Test", narrow: true },
  { key: "fitStep", title: "Fitted", narrow: false },
  { key: "generalizeStep", title: "Generalized", narrow: false },
  { key: "updatedAt", title: "Changed", narrow: false },
] as const;
export type ColumnKey = (typeof columns)[number]["key"];

export interface Wanted {
  readonly text: string;
  readonly task: string;
  readonly label: string;
  readonly sort: ColumnKey;
  readonly descending: boolean;
}

/** The rows that are wanted, in order. What has no value comes last either way. */
export function chosenRows(rows: readonly Row[], { text, task, label, sort, descending }: Wanted): readonly Row[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== ""); // prettier-ignore
  const fits = (row: Row): boolean => {
    const hay = `${row.id} ${row.status} ${row.label} seed ${row.seed}`.toLowerCase();
    return (
      (task === "" || row.task === task) &&
      (label === "" || row.label === label || row.status === label) &&
      words.every((word) => hay.includes(word))
    );
  };
  return rows.filter(fits).sort((a, b) => compare(a[sort], b[sort], descending) || (a.id < b.id ? -1 : 1));
}

type Cell = string | number | null;
function compare(a: Cell, b: Cell, descending: boolean): number {
  const [noA, noB] = [isMissing(a), isMissing(b)];
  if (noA || noB) return noA === noB ? 0 : noA ? 1 : -1;
  const order = typeof a === "number" && typeof b === "number" ? a - b : String(a) < String(b) ? -1 : a === b ? 0 : 1;
  return descending ? -order : order;
}
const isMissing = (value: Cell): boolean => value === null || value === "" || Number.isNaN(value);

/** All seeds of one Plan. */
export interface RowGroup {
  readonly group: string;
  readonly rows: readonly Row[];
  /** Verdicts with their numbers, in the order of the labels. */
  readonly counts: readonly { readonly label: string; readonly count: number }[];
  /** Median over the seeds that generalized. */
  readonly generalizeStep: number | null;
}

/** Everything but the seed alike: in the order of the first row of each. */
export function grouped(rows: readonly Row[]): readonly RowGroup[] {
  const byGroup = new Map<string, Row[]>();
  for (const row of rows) {
    const known = byGroup.get(row.group);
    if (known) known.push(row);
    else byGroup.set(row.group, [row]);
  }
  return [...byGroup].map(([group, members]) => ({
    group,
    rows: members,
    counts: [...labels, ""].flatMap((label) => {
      const count = members.filter((row) => row.label === label).length;
      return count === 0 ? [] : [{ label: label === "" ? "no verdict" : label, count }];
    }),
    generalizeStep: median(members.flatMap((row) => row.generalizeStep ?? [])),
  }));
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return null;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
