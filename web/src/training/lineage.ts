import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Plan } from "../../../src/train/experiment.ts";
import { canonicalJson, runId } from "../../../src/train/plan.ts";

/** From an update on, a run goes on with other options. */
export interface Fork {
  /** Updates seen when the options change. */
  readonly at: number;
  /** The whole Plan from there on. Task, split, model and seed are those from before. */
  readonly plan: Plan;
}

/** How a network came to be: a Plan, and the changes made on the way. Equal lineages end in the same bits. */
export interface Lineage {
  readonly plan: Plan;
  /** Ascending by step. */
  readonly forks: readonly Fork[];
}

export const unforked = (plan: Plan): Lineage => ({ plan, forks: [] });

/** The Plan that its last step follows. */
export const finalPlan = ({ plan, forks }: Lineage): Plan => forks.at(-1)?.plan ?? plan;

/** The name it is stored by: the run's id, or one of its own where options changed on the way. */
export function lineageId({ plan, forks }: Lineage): string {
  if (forks.length === 0) return runId(plan);
  const { seed: _, ...rest } = plan;
  const history = forks.map((fork) => ({ at: fork.at, optimizer: fork.plan.optimizer, training: fork.plan.training }));
  const hash = bytesToHex(sha256(utf8ToBytes(canonicalJson({ plan: rest, history })))).slice(0, 10);
  return `${plan.task.name}-${plan.model.name}-fork${hash}-s${plan.seed}`;
}

/** One stretch of training under one Plan. */
export interface Stretch {
  readonly plan: Plan;
  readonly from: number;
  /** The first step of the next stretch; the Plan's last step for the last one. */
  readonly to: number;
  readonly isLast: boolean;
}

/** The stretches that lie after a step, the first of them begun there. */
export function stretches({ plan, forks }: Lineage, after = 0): readonly Stretch[] {
  const plans = [{ at: 0, plan }, ...forks];
  return plans.flatMap((fork, i) => {
    const to = plans[i + 1]?.at ?? (fork.plan.training["steps"] as number);
    const from = Math.max(after, fork.at);
    const isLast = i === plans.length - 1;
    return from < to || isLast ? [{ plan: fork.plan, from, to, isLast }] : [];
  });
}

/** The lineage that follows this one up to a step and another Plan from there on. */
export function forkAt({ plan, forks }: Lineage, at: number, next: Plan): Lineage {
  if (at <= 0) return unforked(next);
  return { plan, forks: [...forks.filter((fork) => fork.at < at), { at, plan: next }] };
}
