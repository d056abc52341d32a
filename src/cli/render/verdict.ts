import type { Verdict } from "../../verdict/index.ts";
import { count, number, steps } from "./numbers.ts";
import { labelPaint, phasePaint, phaseWords } from "./phase-words.ts";
import type { Style } from "./style.ts";

/** The label and its steps in one sentence. */
export function verdictLine(verdict: Verdict, style: Style): string {
  const { label, className, fitStep, generalizeStep, delay, ratio } = verdict;
  const parts = [
    fitStep === null ? "never fitted its training data" : `fitted at step ${steps(fitStep)}`,
    generalizeStep === null ? "test data not learned" : `generalized at step ${steps(generalizeStep)}`,
    ...(delay === null ? [] : [`delay ${count(delay, "step")}`]),
    ...(ratio === null ? [] : [`ratio ${number(ratio)}`]),
  ];
  const name = labelPaint[label](style)(style.bold(label));
  return `${name}${className === null ? "" : ` (${className})`}: ${parts.join(", ")}`;
}

/** What stands behind the verdict: the policy, how sure it is, and its reasons. */
export function verdictDetails(verdict: Verdict, style: Style): readonly string[] {
  const robust = { true: "robust", false: "not robust", null: "too short to say how robust" }[
    String(verdict.robust) as "true"
  ];
  const spikes = verdict.slingshots > 0 ? `, ${count(verdict.slingshots, "slingshot")}` : "";
  return [...verdict.reasons, style.dim(`policy ${verdict.policy}, ${robust}${spikes}`)];
}

/** The phases in order, each with its steps. */
export const phaseList = ({ phases }: Verdict, style: Style): readonly string[] =>
  phases.map(({ name, from, to }) => {
    const when = from === to ? `at step ${steps(from)}` : `from step ${steps(from)} to ${steps(to)}`;
    return `${phasePaint[name](style)(phaseWords[name])} ${when}`;
  });
