import { UsageError } from "../../../src/options.ts";
import type { WholeRun } from "../../../src/runs/browser-store.ts";
import type { RunRecord, RunStatus } from "../../../src/runs/store.ts";
import { random } from "../../../src/rng.ts";
import { findTask, type Task } from "../../../src/tasks/index.ts";
import type { Eval, Score } from "../../../src/train/eval.ts";
import type { Plan } from "../../../src/train/experiment.ts";
import { plan } from "../../../src/train/plan.ts";
import { contextOf, judge } from "../../../src/verdict/index.ts";
import { checkFork } from "../training/address.ts";
import { checkLimits, limits } from "../training/limits.ts";
import { finalPlan, forkAt, lineageId, unforked, type Lineage } from "../training/lineage.ts";

/** Bytes of a run file that a page reads. */
export const maxFileBytes = 64 * 2 ** 20;
const maxRuns = 1000;
const maxMeasures = 100;

/** Milliseconds of reading between two looks at the page: a file of a thousand runs must not stop it. */
const breath = 30;

/**
 * Runs from what `groklab export --format json` or this page wrote. Nothing of the file is believed: plans are checked,
 * ids and verdicts are made anew, everything else is numbers. Rejects with a UsageError that says what is wrong.
 */
export async function readRunFile(text: string): Promise<readonly WholeRun[]> {
  if (text.length > maxFileBytes) throw new UsageError(`run file: larger than ${maxFileBytes} signs`);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new UsageError("run file: this is not JSON; groklab export --format json writes one");
  }
  const entries = Array.isArray(content) ? (content as readonly unknown[]) : [content];
  if (entries.length === 0) throw new UsageError("run file: it holds no runs");
  if (entries.length > maxRuns) throw new UsageError(`run file: ${entries.length} runs are more than ${maxRuns}`);
  const runs: WholeRun[] = [];
  let began = performance.now();
  for (const [i, entry] of entries.entries()) {
    runs.push(readRun(entry, entries.length === 1 ? "run file" : `run file: run ${i + 1}`));
    if (performance.now() - began < breath) continue;
    await new Promise((resolve) => setTimeout(resolve));
    began = performance.now();
  }
  return runs;
}

function readRun(entry: unknown, where: string): WholeRun {
  if (!isRecord(entry) || !isRecord(entry["plan"])) {
    throw new UsageError(`${where}: there is no plan in it; groklab export --format json writes one`);
  }
  const lineage = lineageOf(entry, where);
  const made = finalPlan(lineage);
  const given = entry["evals"];
  if (!Array.isArray(given)) throw new UsageError(`${where}: it has no evaluations`);
  if (given.length > limits.evaluations) throw new UsageError(`${where}: more than ${limits.evaluations} evaluations`);
  const evals = given.map((e, i) => readEval(e, `${where}: evaluation ${i + 1}`));
  for (let i = 1; i < evals.length; i++) {
    if (evals[i].step <= evals[i - 1].step) throw new UsageError(`${where}: its steps do not ascend`);
  }
  const last = evals.at(-1);
  const steps = made.training["steps"] as number;
  const status = statusOf(entry["status"], last?.step === steps);
  const hash = entry["weightsHash"];
  const record: RunRecord = {
    id: lineageId(lineage),
    plan: made,
    status,
    step: last?.step ?? 0,
    createdAt: dateOf(entry["createdAt"]),
    updatedAt: dateOf(entry["updatedAt"]),
    seconds: typeof entry["seconds"] === "number" && entry["seconds"] >= 0 ? entry["seconds"] : 0,
    software: typeof entry["software"] === "string" ? entry["software"].slice(0, 200) : "unknown",
    note: "imported from a file, without weights",
    ...(last && { last }),
    ...(typeof hash === "string" && /^sha256:[0-9a-f]{64}$/.test(hash) && { weightsHash: hash }),
  };
  const note = lineage.forks.length > 0 ? { lineage } : undefined;
  return { record: judged(record, evals), evals, checkpoints: [], ...(note && { note }) };
}

/** How the network came to be. A run whose options changed on the way is never taken for one of its last Plan. */
function lineageOf(entry: Record<string, unknown>, where: string): Lineage {
  const given = entry["lineage"];
  if (given === undefined) {
    if (/-fork[0-9a-f]{10}-s\d+$/.test(String(entry["id"]))) {
      throw new UsageError(`${where}: its options changed on the way, and the file does not say how`);
    }
    return unforked(plan(entry["plan"] as never));
  }
  if (!isRecord(given) || !Array.isArray(given["forks"])) throw new UsageError(`${where}: its lineage is none`);
  if (given["forks"].length > limits.forks) throw new UsageError(`${where}: more than ${limits.forks} forks`);
  let lineage = unforked(plan(given["plan"] as never));
  for (const fork of given["forks"] as readonly unknown[]) {
    if (!isRecord(fork)) throw new UsageError(`${where}: a fork is not an object`);
    const at = fork["at"];
    if (!Number.isSafeInteger(at) || (at as number) <= (lineage.forks.at(-1)?.at ?? 0)) {
      throw new UsageError(`${where}: its forks do not ascend`);
    }
    const next = plan(fork["plan"] as never);
    checkFork(finalPlan(lineage), next);
    lineage = forkAt(lineage, at as number, next);
  }
  return lineage;
}

/** With the verdict on its evaluations, where its task is one that a page makes. */
function judged(record: RunRecord, evals: readonly Eval[]): RunRecord {
  let task: Task;
  try {
    checkLimits(record.plan);
    task = smallTask(record.plan);
  } catch {
    return record;
  }
  const divergedAt = record.status === "diverged" ? record.step : undefined;
  const context = contextOf(record.plan, task, { finished: record.status === "finished", divergedAt });
  return { ...record, verdict: judge(evals, context) };
}

/** Classes and chance of a task do not depend on how many of its examples are drawn: few are made in no time. */
function smallTask(of: Plan): Task {
  const { build, examples } = findTask(of.task.name);
  const few = Object.entries(of.task).map(([name, value]) =>
    examples === "drawn" && name.endsWith("Size") && typeof value === "number"
      ? [name, Math.min(value, 200)]
      : [name, value],
  );
  return build(Object.fromEntries(few) as never, random(of.seed));
}

function readEval(value: unknown, where: string): Eval {
  if (!isRecord(value)) throw new UsageError(`${where}: is not an object`);
  const step = value["step"];
  if (!Number.isSafeInteger(step) || (step as number) < 0) throw new UsageError(`${where}: has no step`);
  const score = (half: string): Score => {
    const found = value[half];
    if (!isRecord(found)) throw new UsageError(`${where}: has no ${half} score`);
    return { loss: number(found["loss"], where), accuracy: number(found["accuracy"], where) };
  };
  return {
    step: step as number,
    train: score("train"),
    test: score("test"),
    normL1: number(value["normL1"], where),
    normL2: number(value["normL2"], where),
    ...measuresOf(value["measures"], where),
  };
}

/** Further measures of a language model, by name. */
function measuresOf(value: unknown, where: string): Pick<Eval, "measures"> {
  if (value === undefined) return {};
  const entries = isRecord(value) ? Object.entries(value) : [];
  if (!isRecord(value) || entries.length > maxMeasures || entries.some(([name]) => !/^[\w ./+-]{1,80}$/.test(name))) {
    throw new UsageError(`${where}: its measures are not at most ${maxMeasures} numbers by name`);
  }
  return { measures: Object.fromEntries(entries.map(([name, found]) => [name, number(found, where)])) };
}

/** JSON has no NaN: it and the infinities are written as text, or as null by other programs. */
function number(value: unknown, where: string): number {
  if (typeof value === "number") return value;
  if (value === null) return NaN;
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  throw new UsageError(`${where}: holds something that is not a number`);
}

function statusOf(value: unknown, complete: boolean): RunStatus {
  if (value === "diverged") return "diverged";
  return value === "finished" && complete ? "finished" : "stopped";
}

function dateOf(value: unknown): string {
  const date = new Date(typeof value === "string" ? value : NaN);
  return (Number.isNaN(date.getTime()) ? new Date() : date).toISOString();
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
