import type { Explained } from "../../analyses/explanation.ts";
import type { StageRows } from "../../analyses/stages.ts";
import type { Phase, PhaseName, Verdict } from "../../verdict/index.ts";
import type { StepMark } from "../svg/index.ts";
import { trainingCurves } from "../training-curves.ts";
import { figure, list, number, paragraph, percent, strong, table, text, whole, type Html } from "./html.ts";
import type { ReportOptions } from "./report.ts";

const phaseSentences: Readonly<Record<PhaseName, string>> = {
  initial: "the training examples were not learned yet",
  memorizing: "it learned its training examples, and the others lagged behind",
  learning: "training and held-out examples were learned together",
  memorized: "it knew its training examples, and nothing moved on the others",
  generalizing: "it knew its training examples, and became better on the others",
  generalized: "it knew the held-out examples, too",
  forgetting: "it became worse on the held-out examples",
  collapsed: "it no longer knew its training examples",
  diverged: "its numbers were not finite any more",
};

/** The steps of the verdict, to mark in every figure over the steps. */
export function marksOf({ source }: Pick<Explained, "source">): readonly StepMark[] {
  if (source.kind !== "run") return [];
  const { fitStep, generalizeStep } = source.verdict;
  return [
    ...(fitStep === null ? [] : [{ step: fitStep, label: `fitted ${whole(fitStep)}` }]),
    ...(generalizeStep === null ? [] : [{ step: generalizeStep, label: `generalized ${whole(generalizeStep)}` }]),
  ];
}

/** At most so many phases are told; a run that flickers between two has hundreds. */
const mostPhases = 12;

/** The curves, the phases, and why the verdict says what it says. Nothing for weights without a run. */
export function historyOf(explained: Explained, { chance, lossUnit }: ReportOptions): readonly Html[] {
  const { source, evals } = explained;
  if (source.kind !== "run" || evals.length === 0) return [];
  const { verdict } = source;
  const marks = marksOf(explained);
  return [
    phasesOf(verdict, phaseSentences),
    figure(
      (look) => trainingCurves(evals, { ...look, marks, chance, lossUnit }),
      text(
        `Accuracy and loss of the examples it was trained on and of those held out, over the updates. The dashed lines are the steps at which each half counts as learned${chance === undefined ? "" : "; the dotted one is the accuracy of guessing"}.`,
      ),
    ),
    verdictOf(verdict),
    ...stages(explained.explanation.stages),
  ];
}

/** What happened when, in sentences. */
export function phasesOf({ phases }: Verdict, sentences: Readonly<Record<PhaseName, string>>): Html {
  const steady = withoutFlickers(phases);
  const told = steady.slice(0, mostPhases).map(({ name, from, to }) => {
    const when = from === to ? `Step ${whole(from)}` : `Steps ${whole(from)} to ${whole(to)}`;
    return `${strong(when)}: ${text(sentences[name])}.`;
  });
  const more = steady.length - told.length;
  return list(more > 0 ? [...told, text(`… and ${whole(more)} more changes of phase.`)] : told);
}

/** The label, and why it is that. */
export const verdictOf = ({ label, policy, reasons }: Verdict): Html =>
  paragraph(strong(`Verdict: ${label}`), text(` (policy ${policy}). ${reasons.map(sentence).join(" ")}`));

/** What the network computed with at each turning point of its test loss. */
function stages(rows: StageRows | null): readonly Html[] {
  if (rows === null || rows.stages.length < 2) return [];
  const columns = [
    { title: "stage" },
    { title: "until step", number: true },
    { title: "what it is by then" },
    { title: "rebuilt", number: true },
    { title: "trained on", number: true },
    { title: "held out", number: true },
    { title: "test loss", number: true },
  ];
  const cells = rows.stages.map(({ trend, to, train, test, mechanism, rebuilt }) => [
    strong(trend),
    text(whole(to)),
    text(`${mechanismWords[mechanism.label]}${partsOf(mechanism)}`),
    text(rebuilt === null ? "–" : percent(rebuilt)),
    text(percent(train.accuracy)),
    text(percent(test.accuracy)),
    text(number(test.loss)),
  ]);
  const told = rows.stages.map(({ trend }) => trend);
  const intro = `By its test loss it ${told.map((trend, i) => (told.indexOf(trend) < i ? `${trend} again` : trend)).join(", then ")}: each stage ends where that loss turns around by a factor of ${rows.factor} or more. What it was at the end of each was read off the nearest checkpoint; rebuilt is the accuracy on held-out examples of what was read. Losses are as the run evaluates them.`;
  return [paragraph(text(intro)), table(columns, cells)];
}

const mechanismWords = {
  "fourier-circuit": "Fourier circuit",
  parity: "parity",
  "memorized-table": "memorized table",
  unexplained: "unexplained",
} as const;

const partsOf = ({ label, parts }: StageRows["stages"][number]["mechanism"]): string =>
  parts.length === 0 ? "" : ` of ${parts.map((part) => part + (label === "parity" ? 1 : 0)).join(", ")}`;

/** Phases that lie so near to each other that a curve goes to and fro between them. */
const flickering: readonly (readonly PhaseName[])[] = [
  ["memorized", "generalizing"],
  ["initial", "learning", "memorizing"],
];

/**
 * A loss that barely falls flickers between "nothing moved" and "became better": where one of the two interrupts the other
 * for less than a twentieth of the run, it is not told.
 */
export function withoutFlickers(phases: readonly Phase[]): readonly Phase[] {
  const short = (phases[phases.length - 1]?.to ?? 0) / 20;
  const kept: Phase[] = [];
  phases.forEach((phase, i) => {
    const before = kept[kept.length - 1] as Phase | undefined;
    const brief = phase.to - phase.from < short && phases[i + 1]?.name === before?.name;
    const alike = flickering.some((names) => before && names.includes(before.name) && names.includes(phase.name));
    if (before && alike && (brief || before.name === phase.name)) kept[kept.length - 1] = { ...before, to: phase.to };
    else kept.push(phase);
  });
  return kept;
}

const sentence = (words: string): string =>
  `${words[0]?.toUpperCase() ?? ""}${words.slice(1)}${/[.!?]$/.test(words) ? "" : "."}`;
