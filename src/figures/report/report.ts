import type { Explained } from "../../analyses/explanation.ts";
import type { Mechanism } from "../../analyses/mechanism.ts";
import { again } from "./again.ts";
import { bitsStory } from "./bits.ts";
import { counted, list, number, paragraph, percent, section, table, text, whole, type Html } from "./html.ts";
import { historyOf } from "./history.ts";
import { modularStory } from "./modular.ts";
import { page } from "./page.ts";
import { settingOf } from "./setting.ts";

export interface ReportOptions {
  /** The command that makes this network again, if it is known. */
  readonly command?: string | undefined;
  /** The command that wrote this report. */
  readonly explainCommand?: string | undefined;
  /** Sections of the Plan with what differs from the defaults, in words. */
  readonly differences?: readonly (readonly [section: string, words: string])[] | undefined;
  /** Accuracy of guessing. */
  readonly chance?: number | undefined;
  /** Unit of the losses in the evaluations. */
  readonly lossUnit?: string | undefined;
  /** Files beside the report. */
  readonly files?: readonly string[] | undefined;
  /** Which groklab, Node and processor trained it. */
  readonly software?: string | undefined;
}

/** What one kind of network has to say. */
export interface Story {
  /** What the network learned, in plain words and pictures. */
  readonly learned: readonly Html[];
  /** Numbers and pictures behind it. */
  readonly evidence: readonly Html[];
}

/**
 * One page that tells the story of one network in order: what it was trained on, what happened when, what it learned, how
 * that is known, what is left unexplained, and how to make it again. Self-contained: no script, nothing from elsewhere.
 */
export function report(explained: Explained, options: ReportOptions = {}): string {
  const { source, explanation } = explained;
  const { mechanism } = explanation;
  const name = source.kind === "run" ? source.id : source.file;
  const story =
    explanation.kind === "modular"
      ? modularStory(explained as Extract<Explained, { explanation: { kind: "modular" } }>)
      : bitsStory(explained as Extract<Explained, { explanation: { kind: "bits" } }>);
  const parts = [
    section("setting", "What it was trained on", settingOf(explained)),
    section("history", "What happened when", historyOf(explained, options)),
    section("learned", "What it learned", story.learned),
    section("evidence", "How that is known", evidence(mechanism), story.evidence),
    section("unexplained", "What is not explained", unexplained(mechanism)),
    section(
      "again",
      "Do it again",
      again({
        plan: source.kind === "run" ? source.plan : undefined,
        commands: [options.command, options.explainCommand].filter((line) => line !== undefined),
        differences: options.differences,
        files: options.files,
      }),
    ),
  ];
  return page({
    title: `${name}: ${mechanism.sentence}`,
    name,
    headline: headline(mechanism),
    lead: lead(explained),
    facts: facts(explained),
    parts,
    footer: `Written by groklab${options.software ? `; trained by ${options.software}` : ""}. Every number on this page was computed from the weights${source.kind === "run" ? " and evaluations of this run" : ""}.`,
  });
}

const headline = ({ label, sentence }: Mechanism): string => {
  const [first, ...rest] = sentence;
  return label === "unexplained" ? "How this network works is not explained" : `${first.toUpperCase()}${rest.join("")}`;
};

/** The whole story in two sentences. */
function lead({ source, explanation }: Explained): Html {
  const { mechanism } = explanation;
  const carried =
    mechanism.carried === null
      ? ""
      : ` A network built of nothing but what was read off it gives ${percent(mechanism.carried)} of its answers on examples that were held out.`;
  const known: Readonly<Record<Mechanism["label"], string>> = {
    "fourier-circuit": "The network has found a rule: it turns numbers into angles and adds the angles.",
    parity: "The network has found a rule: it counts the ones among a few digits and says whether their number is odd.",
    "memorized-table":
      "The network knows its training examples by heart. There is no circuit in it that knows the answers to others.",
    unexplained: "None of the mechanisms that were looked for reaches its thresholds, so none is named.",
  };
  const when =
    source.kind === "run" &&
    source.verdict.generalizeStep !== null &&
    source.verdict.fitStep !== null &&
    source.verdict.delay !== null &&
    source.verdict.delay > 0
      ? ` It knew its training examples at step ${whole(source.verdict.fitStep)}, and the others at step ${whole(source.verdict.generalizeStep)}.`
      : "";
  return text(
    `${known[mechanism.label]}${when}${mechanism.label === "memorized-table" || mechanism.label === "unexplained" ? "" : carried}`,
  );
}

function facts({ source, explanation }: Explained): readonly (readonly [string, string])[] {
  const scores =
    explanation.kind === "modular"
      ? { train: explanation.scores.train.accuracy, test: explanation.scores.test.accuracy }
      : explanation.parity.network;
  const { mechanism } = explanation;
  const all: (readonly [string, string])[] = [
    ...(source.kind === "run" ? [["what the run did", source.verdict.label] as const] : []),
    ["accuracy, trained on", percent(scores.train)],
    ["accuracy, held out", percent(scores.test)],
    ...(source.kind === "run" && source.verdict.delay !== null
      ? [["delay", counted(source.verdict.delay, "step")] as const]
      : []),
    ...(mechanism.carried === null ? [] : [["carried by the circuit", percent(mechanism.carried)] as const]),
  ];
  return all.filter(([, value]) => value !== "none");
}

const candidateWords = {
  "fourier-circuit": "A Fourier circuit",
  parity: "The parity of a few digits",
  "memorized-table": "A memorized table",
} as const;

/** Every mechanism that was asked for, each number against its threshold. */
function evidence({ candidates }: Mechanism): Html {
  const tables = candidates.map(({ label, evidence, holds }) => {
    const rows = evidence.map(({ name, value, relation, threshold, unit, holds }) => {
      const shown = (x: number): string =>
        unit === "share" ? percent(x) : unit === "degrees" ? `${number(x)}°` : number(x);
      return [
        holds ? '<span class="yes">✓ yes</span>' : '<span class="no">✗ no</span>',
        text(name),
        `<strong>${text(shown(value))}</strong><br><small>${text(`${relation === ">=" ? "at least" : "at most"} ${shown(threshold)}`)}</small>`,
      ];
    });
    const columns = [
      { title: "holds" },
      { title: `${candidateWords[label]}: ${holds ? "every number holds" : "not every number holds"}` },
      { title: "is, must be", number: true },
    ];
    return table(columns, rows);
  });
  const rule =
    "A mechanism is named only where every one of its numbers reaches its threshold. The thresholds are the same for every network.";
  return [paragraph(text(rule)), ...tables].join("");
}

function unexplained({ unexplained, label }: Mechanism): Html {
  if (unexplained.length > 0)
    return list(unexplained.map((sentence) => text(`${sentence[0].toUpperCase()}${sentence.slice(1)}.`)));
  return paragraph(
    text(
      label === "memorized-table"
        ? "How the table is laid out in the weights: which neurons hold which examples was not looked at."
        : "Nothing that these analyses can measure.",
    ),
  );
}
