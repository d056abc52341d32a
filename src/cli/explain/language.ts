import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { explainLanguage, type LanguageExplanation } from "../../analyses/language/explain-language.ts";
import { rulesOfTask } from "../../analyses/language/rule.ts";
import { languageReader } from "../../analyses/language/language-model.ts";
import { floorOf } from "../../figures/language/training-loss.ts";
import { languageReport } from "../../figures/report/language.ts";
import { UsageError } from "../../options.ts";
import { DamagedError } from "../../runs/errors.ts";
import type { RunRecord, Store } from "../../runs/store.ts";
import type { NamedArrays } from "../../tensor/index.ts";
import type { Eval } from "../../train/eval.ts";
import type { Plan } from "../../train/experiment.ts";
import type { Verdict } from "../../verdict/index.ts";
import { judge } from "../../verdict/index.ts";
import { commandOfPlan } from "../command-of-plan.ts";
import { Failure, fileTrouble } from "../failures.ts";
import { writableTarget, writeWhole } from "../files.ts";
import { planDifferences } from "../plan-differences.ts";
import { percent, steps } from "../render/numbers.ts";
import { contextOfPlan, contextOfRun } from "../run-context.ts";
import { commandLine, type Session } from "../session.ts";

/** What an explained language model comes from. */
export type LanguageSource =
  | { readonly kind: "run"; readonly record: RunRecord; readonly verdict: Verdict; readonly step: number }
  | {
      readonly kind: "weights";
      readonly file: string;
      readonly plan: Plan;
      /** What was left out of the file, one line each. */
      readonly notes: readonly string[];
    };

/** A language model's explanation with what it is of. */
export interface ExplainedLanguage {
  readonly source: LanguageSource;
  /** Of weights from a file: the one evaluation that was made of them, at step 0. */
  readonly evals: readonly Eval[];
  readonly explanation: LanguageExplanation;
}

export const planOfSource = (source: LanguageSource): Plan =>
  source.kind === "run" ? source.record.plan : source.plan;

/** Checkpoints at which the structure is measured: more show no more. */
const mostCheckpoints = 12;

export const isLanguage = ({ plan }: RunRecord): boolean => plan.model.name === "transformer";

/**
 * Explains a stored language model by its checkpoints up to the wanted one, a dozen of them for the course. Damaged ones are
 * told and passed over.
 * @throws UsageError where none is whole, or the wanted step has none
 */
export async function explainLanguageRun(
  store: Store,
  record: RunRecord,
  wanted: number | undefined,
  onWarning: (line: string) => void,
): Promise<ExplainedLanguage & { readonly source: { readonly kind: "run" } }> {
  const stored = await store.checkpoints(record.id);
  if (stored.length === 0)
    throw new UsageError(`run ${record.id} has no checkpoint yet: there are no weights to explain`);
  if (wanted !== undefined && !stored.includes(wanted)) {
    const near = [stored.filter((step) => step < wanted).at(-1), stored.find((step) => step > wanted)];
    throw new UsageError(
      `run ${record.id} has no checkpoint at step ${wanted}; nearest: ${near.filter((step) => step !== undefined).join(" and ")}`,
    );
  }
  const steps = stored.filter((step) => wanted === undefined || step <= wanted);
  const moments: { step: number; weights: NamedArrays }[] = [];
  for (const step of spaced(steps, mostCheckpoints)) {
    try {
      moments.push({ step, weights: (await store.loadCheckpoint(record.id, step)).params });
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
      onWarning(error.message);
    }
  }
  const last = moments.pop();
  if (last === undefined) throw new UsageError(`run ${record.id}: none of its checkpoints is whole`);
  const all = await store.evals(record.id);
  const evals = all.filter(({ step }) => step <= last.step);
  const explanation = explainLanguage(languageReader(record.plan), last, evals, moments);
  const verdict = judge(all, contextOfRun(record));
  return { source: { kind: "run", record, verdict, step: last.step }, evals, explanation };
}

/** At most `count` of these, evenly, the last among them. */
function spaced(steps: readonly number[], count: number): readonly number[] {
  if (steps.length <= count) return steps;
  const chosen = Array.from({ length: count }, (_, i) => steps[Math.round(((i + 1) * steps.length) / count) - 1]);
  return [...new Set(chosen)];
}

/** One line for each part, the rule last. */
export function printLanguageJson(session: Session, { source, evals, explanation }: ExplainedLanguage): void {
  const { kind, rule, ...parts } = explanation;
  for (const [name, rows] of Object.entries<unknown>(parts)) session.printJson({ type: "analysis", name, rows });
  const of =
    source.kind === "run"
      ? { kind: "run", id: source.record.id, plan: source.record.plan, verdict: source.verdict, step: source.step }
      : { ...source, measured: evals[0] };
  session.printJson({ type: "explanation", kind, source: of, rule });
}

/** The rule that it follows, as a sentence. */
export function ruleSentence({ rule, task, generalization }: LanguageExplanation): string {
  const names = rulesOfTask[task];
  if (rule === null || names === undefined) {
    return `A language model of ${task}: its generalization accuracy is ${percent(generalization.final)}`;
  }
  const measured = `it prefers the hierarchical rule's word in ${percent(rule.preference)} of ${steps(rule.pairs)} pairs`;
  switch (rule.label) {
    case "hierarchical":
      return `It follows the hierarchical rule, ${names.hierarchical}: ${measured}`;
    case "linear":
      return `It follows the linear rule, ${names.linear}: ${measured}`;
    case "mixed":
      return `It follows neither rule throughout, ${names.linear} nor ${names.hierarchical}: ${measured}`;
    case "neither":
      return "It follows no rule that is known here: most often another word than either rule's is likeliest";
  }
}

/**
 * Writes report.html and, beside it, every part as JSON. The page last, so that one that is there is whole.
 * @returns the files, by their name in the folder
 */
export function writeLanguageReport(session: Session, folder: string, explained: ExplainedLanguage): readonly string[] {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Failure(`${folder} cannot be made: ${fileTrouble(error) ?? (error as Error).message}`, { cause: error });
  }
  const { source, evals, explanation } = explained;
  const { kind, task, ...parts } = explanation;
  const plan = planOfSource(source);
  const of = source.kind === "run" ? { run: source.record.id, step: source.step } : { weights: source.file };
  const rows = { explanation: { kind, task, ...of }, experiment: plan, evals, ...parts };
  const files = Object.keys(rows).map(
    (name) => `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.json`,
  );
  const write = (name: string, content: string): void =>
    writeWhole(writableTarget(join(folder, name), session.io.cwd, { force: true }), new TextEncoder().encode(content));
  Object.values(rows).forEach((value, i) => write(files[i], `${JSON.stringify(value)}\n`));
  const again = commandLine(session.program, session.argv);
  const page = languageReport(explained, {
    headline: ruleSentence(explanation),
    plan,
    chance: contextOfPlan(plan, true).chance,
    floor: floorOf(plan.task),
    files,
    ...(source.kind === "run"
      ? {
          name: source.record.id,
          run: { step: source.step, verdict: source.verdict },
          differences: planDifferences(plan),
          commands: [commandLine(session.program, commandOfPlan(plan) ?? ["run", "experiment.json"]), again],
        }
      : { name: source.file, notes: source.notes, commands: [again] }),
  });
  write("report.html", page);
  return ["report.html", ...files];
}
