import { explainLanguageRun, isLanguage } from "./explain/language.ts";
import type { BitNetwork } from "../analyses/bit-network.ts";
import type { Course } from "../analyses/course.ts";
import type { Network } from "../analyses/network.ts";
import { subjectOf } from "../analyses/subject.ts";
import { floorOf } from "../figures/language/training-loss.ts";
import type { FigureNeed, RunSubject } from "../figures/run-figures.ts";
import { UsageError } from "../options.ts";
import { latestCheckpoint } from "../runs/latest-checkpoint.ts";
import type { RunRecord, Store } from "../runs/store.ts";
import type { NamedArrays } from "../tensor/index.ts";
import type { Checkpoint } from "../train/checkpoint.ts";
import { judge } from "../verdict/index.ts";
import { grouped } from "../figures/svg/index.ts";
import { momentsOf } from "./explain/stored.ts";
import { contextOfRun } from "./run-context.ts";

/** What a run has, by need: everything else of the subject is not read. */
const needed: Readonly<Record<FigureNeed, readonly (keyof RunSubject)[]>> = {
  nothing: [],
  evals: ["evals"],
  weights: ["evals", "weights"],
  network: ["evals", "weights", "network"],
  bits: ["evals", "weights", "bits"],
  course: ["evals", "course"],
  bitCourse: ["evals", "bitCourse"],
  language: ["evals", "language"],
};

/**
 * What a figure needs of a stored run. The parts that it does not need are absent.
 * @param step which checkpoint; by default the last whole one
 * @throws UsageError where the run does not have it
 */
export async function readRunSubject(
  store: Store,
  record: RunRecord,
  need: FigureNeed,
  { step, onWarning }: { readonly step?: number | undefined; readonly onWarning: (line: string) => void },
): Promise<RunSubject> {
  const wants = needed[need];
  const evals = await store.evals(record.id);
  const context = contextOfRun(record);
  const { fitStep, generalizeStep } = judge(evals, context);
  const marks = [
    ...(fitStep === null ? [] : [{ step: fitStep, label: `fitted ${grouped(fitStep)}` }]),
    ...(generalizeStep === null ? [] : [{ step: generalizeStep, label: `generalized ${grouped(generalizeStep)}` }]),
  ];
  const precision = record.plan.training["precision"] as "float32" | "float64";
  const lossUnit = context.lossUnit === "nats" ? "nats per example" : "nats per example and class";
  const subject: Partial<RunSubject> = {
    evals,
    marks,
    chance: context.chance,
    lossUnit,
    floor: floorOf(record.plan.task),
  };
  if (!wants.some((part) => part !== "evals")) return subject as RunSubject;

  if (wants.includes("language")) {
    if (!isLanguage(record)) throw new UsageError(`${record.id}: this figure needs a language model`);
    const { explanation, source } = await explainLanguageRun(store, record, step, onWarning);
    return { ...subject, step: source.step, language: explanation } as RunSubject;
  }
  const reader = subjectOf(record.plan);
  const wrong = (what: string): UsageError =>
    new UsageError(`${record.id}: this figure needs ${what}${reader.kind === "none" ? `; ${reader.why}` : ""}`);
  if (wants.includes("network") || wants.includes("course")) {
    if (reader.kind !== "network") throw wrong("a network on pairs of numbers");
  }
  if (wants.includes("bits") || wants.includes("bitCourse")) {
    if (reader.kind !== "bits") throw wrong("a network on bits");
  }
  if (wants.includes("weights")) {
    const checkpoint = await checkpointOf(store, record, step, onWarning);
    const read = reader.kind === "none" ? {} : { [reader.kind]: reader.read(checkpoint.params) };
    return { ...subject, step: checkpoint.step, weights: checkpoint.params, ...read } as RunSubject;
  }
  if (reader.kind === "none") throw wrong("a network that an analysis reads");
  const stored = await store.checkpoints(record.id);
  if (stored.length === 0)
    throw new UsageError(`run ${record.id} has no checkpoints; set checkpointEvery to keep some`);
  const read = (weights: NamedArrays): Network | BitNetwork => reader.read(weights);
  const moments = await momentsOf(store, record.id, stored, read, onWarning);
  const course = { moments, evals, fitStep, generalizeStep, precision };
  return (
    reader.kind === "bits"
      ? { ...subject, bitCourse: course as Course<BitNetwork> }
      : { ...subject, course: course as Course<Network> }
  ) as RunSubject;
}

async function checkpointOf(
  store: Store,
  { id }: RunRecord,
  step: number | undefined,
  onWarning: (line: string) => void,
): Promise<Checkpoint> {
  const stored = await store.checkpoints(id);
  if (step === undefined) {
    const last = await latestCheckpoint(store, id, onWarning);
    if (last) return last;
    throw new UsageError(`run ${id} has no checkpoints, so there are no weights to draw`);
  }
  if (stored.includes(step)) return store.loadCheckpoint(id, step);
  const near = [...stored].sort((x, y) => Math.abs(x - step) - Math.abs(y - step)).slice(0, 3).sort((x, y) => x - y); // prettier-ignore
  const hint = near.length === 0 ? "it has none" : `the nearest are at ${near.join(", ")}`;
  throw new UsageError(`run ${id} has no checkpoint at step ${step}; ${hint}`);
}
