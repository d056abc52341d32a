import { subjectOf, type Subject } from "../../../src/analyses/subject.ts";
import type { Plan } from "../../../src/train/experiment.ts";
import { setUp, type Setup } from "../../../src/train/setup.ts";
import type { ExamineRequest, Examined } from "./messages.ts";
import { panelsOf } from "./panels.ts";
import { ablation, answers, predictionsOf } from "./predict.ts";

interface Known {
  readonly text: string;
  readonly setup: Setup;
  readonly subject: Subject;
}
let known: Known | undefined;

/** The task of a Plan is made once, and asked at many steps. */
function knownOf(plan: Plan): Known {
  const text = JSON.stringify(plan);
  if (known?.text !== text) known = { text, setup: setUp(plan), subject: subjectOf(plan) };
  return known;
}

/** Everything that the lab shows of a network at a step. */
export function examine(request: ExamineRequest): Examined {
  const { call, plan, step, params, ablated, panels } = request;
  const { setup, subject } = knownOf(plan);
  const { inputs } = setup.task;
  if (inputs.kind === "sequences") {
    const scores = { train: { loss: NaN, accuracy: NaN }, test: { loss: NaN, accuracy: NaN } };
    const missing = "Language models are looked at in the structure view.";
    return { call, step, scores, neurons: 0, groups: [], figures: {}, missing };
  }
  const whole = answers(setup, params, ablation([], setup.dtype));
  const cut = ablated.length > 0 ? answers(setup, params, ablation(ablated, setup.dtype)) : undefined;
  return {
    call,
    step,
    scores: { train: whole.train, test: whole.test },
    ablatedScores: cut && { train: cut.train, test: cut.test },
    neurons: Number(plan.model["dMlp"] ?? 0),
    ...panelsOf(subject, request),
    predictions: panels.includes("predictions") ? predictionsOf(setup, (cut ?? whole).predicted) : undefined,
  };
}
