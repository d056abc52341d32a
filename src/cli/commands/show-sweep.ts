import { sweepTable, type SettingRow, type SweepTable } from "../../verdict/index.ts";
import { UsageError, suggestion } from "../../options.ts";
import { defaultStore } from "../../runs/open-store.ts";
import type { Store } from "../../runs/store.ts";
import type { StoreFlag } from "../flags.ts";
import { count, steps } from "../render/numbers.ts";
import { labelPaint } from "../render/phase-words.ts";
import { settingTable } from "../render/setting-table.ts";
import { pairs } from "../render/table.ts";
import { commandLine, type Session } from "../session.ts";
import { readSweep, type FoundSweep, type SweepData } from "../sweep-data.ts";
import { labels } from "../../verdict/index.ts";

export interface ShowSweepFlags extends StoreFlag {
  readonly policy?: string | undefined;
  readonly by?: string | undefined;
  readonly where?: readonly string[] | undefined;
  readonly sort?: string | undefined;
  readonly json?: boolean | undefined;
}

/** The class table of a sweep: one row per setting, seeds taken together. */
export async function showSweep(
  session: Session,
  store: Store,
  found: FoundSweep,
  flags: ShowSweepFlags,
): Promise<void> {
  const data = await readSweep(store, found, flags);
  const by = flags.by?.split(",").map((name) => name.trim());
  const table = sorted(sweepTable(data.runs, by), flags.sort);
  if (flags.json) {
    for (const row of table.rows) session.printJson({ type: "setting", ...row });
    const { id, name, record } = found;
    session.printJson({ type: "summary", sweep: id, name, policy: data.policy, command: record?.command ?? null, varied: table.varied, total: table.total, store: flags.store }); // prettier-ignore
    return;
  }
  const { out, io } = session;
  const columns = io.stdout.columns ?? 110;
  session.print(
    ...pairs(head(session, data, table.total), out, columns),
    "",
    ...settingTable(table, out, columns),
    "",
    ...pairs([["next", { verbatim: next(session, data, flags) }]], out, columns),
  );
}

function head(session: Session, { found, runs, policy }: SweepData, total: SettingRow) {
  const { out } = session;
  const counts = labels
    .filter((label) => total.counts[label] > 0)
    .map((label) => `${labelPaint[label](out)(String(total.counts[label]))} ${label}`);
  const missing = runs.filter(({ record }) => !record).length;
  const going = total.open - missing;
  const standing = [
    `${steps(total.n)} of ${count(runs.length, "run")} over`,
    ...(going > 0 ? [`${going} begun`] : []),
    ...(missing > 0 ? [`${steps(missing)} not begun`] : []),
    ...(total.failed > 0 ? [`${total.failed} failed`] : []),
  ].join(", ");
  return [
    ["sweep", out.bold(found.id)],
    ...(found.declared ? [["claim", found.declared.claim] as const] : []),
    ["runs", standing],
    ["verdicts", `${counts.join(", ") || "none yet"} (policy ${policy})`],
    ...(found.record ? [["command", { verbatim: [found.record.command] }] as const] : []),
  ] as const;
}

const sortKeys = ["setting", "generalizes", "generalizeStep", "delay", "fitStep"] as const;

/** Best first: the largest share, the shortest time; what is open comes last. */
function sorted(table: SweepTable, key = "setting"): SweepTable {
  const known: readonly string[] = sortKeys;
  if (!known.includes(key))
    throw new UsageError(`--sort: "${key}" is not allowed; give one of ${known.join(", ")}${suggestion(key, known)}`);
  if (key === "setting") return table;
  const time = (row: SettingRow) => row[key as "delay"].median ?? Infinity;
  const score = (row: SettingRow) => (key === "generalizes" ? -(row.generalized.share ?? -1) : time(row));
  return { ...table, rows: [...table.rows].sort((a, b) => (score(a) < score(b) ? -1 : score(a) > score(b) ? 1 : 0)) };
}

function next({ program }: Session, { found, policy }: SweepData, { store }: ShowSweepFlags): readonly string[] {
  const where = store === defaultStore ? [] : ["--store", store];
  const name = found.record ? found.id : found.name;
  return [
    commandLine(program, ["figure", name, "verdict-map", "--out", "map.svg", ...where]),
    commandLine(program, ["export", name, "--format", "csv", "--out", "runs.csv", ...where]),
    commandLine(program, ["show", name, "--policy", policy === "accuracy" ? "pair" : "accuracy", ...where]),
  ];
}
