import { subjectOf, type Subject } from "../../../src/analyses/subject.ts";
import { findTask } from "../../../src/tasks/index.ts";
import type { Plan } from "../../../src/train/experiment.ts";
import { setUp, type Setup } from "../../../src/train/setup.ts";
import type { ExamineRequest, Examined } from "./messages.ts";
import { panelsOf } from "./panels.ts";
import { languagePanels, languageSubject, type LanguageSubject } from "./sentences.ts";
import { ablation, answers, predictionsOf } from "./predict.ts";

interface Known {
  readonly text: string;
  readonly language?: LanguageSubject;
  readonly labelled?: { readonly setup: Setup; readonly subject: Subject };
}
let known: Known | undefined;

/** The task of a Plan is made once, and asked at many steps. */
function knownOf(plan: Plan): Known {
  const text = JSON.stringify(plan);
  if (known?.text === text) return known;
  known =
    findTask(plan.task.name).inputs === "sequences"
      ? { text, language: languageSubject(plan) }
      : { text, labelled: { setup: setUp(plan), subject: subjectOf(plan) } };
  return known;
}

/** Everything that the lab shows of a network at a step. */
export function examine(request: ExamineRequest): Examined {
  const { call, plan, step, params, ablated, panels } = request;
  const { labelled, language } = knownOf(plan);
  if (language || !labelled) {
    const shown = language ? languagePanels(language, request) : { figures: {} };
    return { call, step, neurons: 0, groups: [], ...shown };
  }
  const { setup, subject } = labelled;
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
