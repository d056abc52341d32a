import type { BitNetwork } from "../../analyses/bit-network.ts";
import { normsOf, type Course, type Moment } from "../../analyses/course.ts";
import { explainBits } from "../../analyses/explain-bits.ts";
import { explainNetwork } from "../../analyses/explain-network.ts";
import type { Explained, Source } from "../../analyses/explanation.ts";
import type { Network } from "../../analyses/network.ts";
import { subjectOf } from "../../analyses/subject.ts";
import { UsageError } from "../../options.ts";
import { DamagedError } from "../../runs/errors.ts";
import type { RunRecord, Store } from "../../runs/store.ts";
import type { NamedArrays } from "../../tensor/index.ts";
import { judge, type Verdict } from "../../verdict/index.ts";
import { contextOfRun } from "../run-context.ts";
import type { Session } from "../session.ts";
import { findRun } from "../store.ts";
import { waiting } from "../render/waiting.ts";

interface Wanted {
  readonly store: string;
  readonly step?: number | undefined;
}

/** Explains a stored run, by every whole checkpoint up to the wanted one. @throws UsageError where it has none */
export async function explainStored(session: Session, store: Store, what: string, wanted: Wanted): Promise<Explained> {
  const record = await findRun(store, what, wanted.store);
  const subject = subjectOf(record.plan);
  if (subject.kind === "none") throw new UsageError(`explain ${record.id}: ${subject.why}`);
  const evals = await store.evals(record.id);
  const verdict = judge(evals, contextOfRun(record));
  const steps = await stepsOf(store, record, wanted.step);
  const onDamaged = (line: string) => session.note(`groklab: ${line}`);
  const reading = waiting(session, "reading checkpoint");
  const with_ = async <N extends Network | BitNetwork>(read: (weights: NamedArrays) => N) => {
    let done = 0;
    const told = (weights: NamedArrays): N => {
      reading.at(++done, steps.length);
      return read(weights);
    };
    return momentsOf(store, record.id, steps, told, onDamaged).finally(() => reading.end());
  };
  if (subject.kind === "network") {
    const moments = await with_(subject.read);
    const course: Course = { moments, evals, ...courseOf(record, verdict) };
    const network = moments[moments.length - 1].network;
    const source = sourceOf(record, verdict, moments);
    const measuring = waiting(session, "measuring checkpoint");
    const explanation = explainNetwork(network, course, { onCheckpoint: measuring.at });
    measuring.end();
    return { source, evals, network, course, explanation };
  }
  const moments = await with_(subject.read);
  const course: Course<BitNetwork> = { moments, evals, ...courseOf(record, verdict) };
  const network = moments[moments.length - 1].network;
  const source = sourceOf(record, verdict, moments);
  return { source, evals, network, course, explanation: explainBits(network, course) };
}

const courseOf = ({ plan }: RunRecord, { fitStep, generalizeStep }: Verdict) => ({
  fitStep,
  generalizeStep,
  precision: plan.training["precision"] as Course["precision"],
});

const sourceOf = ({ id, plan }: RunRecord, verdict: Verdict, moments: readonly Moment<unknown>[]): Source => {
  const checkpoints = moments.map(({ step }) => step);
  return { kind: "run", id, plan, verdict, step: checkpoints[checkpoints.length - 1], checkpoints };
};

async function stepsOf(store: Store, { id }: RunRecord, step: number | undefined): Promise<readonly number[]> {
  const stored = await store.checkpoints(id);
  if (stored.length === 0) throw new UsageError(`run ${id} has no checkpoint yet: there are no weights to explain`);
  if (step === undefined) return stored;
  if (stored.includes(step)) return stored.filter((other) => other <= step);
  const before = stored.filter((other) => other < step).at(-1);
  const near = [before, stored.find((other) => other > step)].filter((other) => other !== undefined);
  throw new UsageError(`run ${id} has no checkpoint at step ${step}; nearest: ${near.join(" and ")}`);
}

/** One checkpoint in memory at a time: what is kept of each is a fraction of it. Damaged ones are told and passed over. */
export async function momentsOf<N>(
  store: Store,
  id: string,
  steps: readonly number[],
  read: (weights: NamedArrays) => N,
  onDamaged: (line: string) => void,
): Promise<readonly Moment<N>[]> {
  const moments: Moment<N>[] = [];
  for (const step of steps) {
    try {
      const { params } = await store.loadCheckpoint(id, step);
      moments.push({ step, network: read(params), norms: normsOf(params) });
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
      onDamaged(error.message);
    }
  }
  if (moments.length === 0) throw new UsageError(`run ${id}: none of its checkpoints is whole`);
  return moments;
}
