import type { Explained } from "../../analyses/explanation.ts";
import type { Evidence } from "../../analyses/mechanism.ts";
import type { Plan } from "../../train/experiment.ts";
import { counted, list, number, paragraph, percent, text, whole, type Html } from "./html.ts";

const operations: Readonly<Record<string, string>> = {
  "modular-addition": "to add two numbers",
  "modular-subtraction": "to subtract one number from another",
  "modular-multiplication": "to multiply two numbers",
  "modular-division": "to divide one number by another",
};

/** What the network was to learn, from what, with which network and optimizer, in sentences. */
export function settingOf({ source, explanation, network }: Explained): readonly Html[] {
  if (source.kind === "weights") {
    return [
      paragraph(text(`The weights come from ${source.file}; how they were trained is not known here.`)),
      paragraph(text(`They were read as ${source.reading}. The training examples: ${source.split}.`)),
      ...splitOf(source.splitEvidence),
    ];
  }
  const { plan } = source;
  const { train } = network.examples;
  const known = train.reduce((sum, flag) => sum + flag, 0);
  const goal =
    explanation.kind === "modular"
      ? modular(plan, explanation.p)
      : `The network was trained to tell from ${counted(Number(plan.task["n"] ?? network.examples.train.length), "binary digit")} whether ${counted(Number(plan.task["k"] ?? 0), "digit")} among them hold an odd number of ones. Nobody tells it which digits count: the others are there to distract it.`;
  const examples =
    `It saw ${whole(known)} of ${whole(train.length)} examples (${percent(known / train.length)}); ` +
    "the rest were held out, to see whether it knows more than it was shown.";
  return [paragraph(text(goal)), paragraph(text(`${examples} ${machine(plan)}`))];
}

/** What there is for a split that was looked for in the network's answers. */
function splitOf(evidence: readonly Evidence[]): readonly Html[] {
  if (evidence.length === 0) return [];
  const shown = ({ unit }: Evidence, x: number): string => (unit === "share" ? percent(x) : number(x));
  const items = evidence.map((each) =>
    text(
      `${each.holds ? "✓" : "✗"} ${each.name}: ${shown(each, each.value)}, must be ${each.relation === ">=" ? "at least" : "at most"} ${shown(each, each.threshold)}`,
    ),
  );
  return [
    paragraph(text("Which pairs it was trained on was looked for in its answers to all of them; it can be told where")),
    list(items),
  ];
}

function modular({ task }: Plan, p: number): string {
  const what = operations[task.name] ?? `the operation of the task ${task.name} on two numbers`;
  const pairs = task["pairs"] === "unordered" ? " The pairs (a, b) and (b, a) count as one." : "";
  return `The network was trained ${what} modulo ${p}: the numbers are 0 to ${p - 1}, and so are the answers. To the network they are names without an order: it is never told that they are numbers.${pairs}`;
}

function machine(plan: Plan): string {
  const { model, training } = plan;
  const width = model["dMlp"] === undefined ? "" : `, ${counted(Number(model["dMlp"]), "neuron")}`;
  const embedding = model["dModel"] === undefined ? "" : ` and an embedding of width ${whole(Number(model["dModel"]))}`;
  const batch =
    Number(training["batchSize"] ?? 0) === 0
      ? "all of its examples"
      : `${whole(Number(training["batchSize"]))} examples`;
  return `Its network is ${model.name}${width}${embedding}. ${updates(plan, batch)}`;
}

/** How it was trained. `batch`: what each update looked at, in words. */
export function updates({ optimizer, training }: Plan, batch: string): string {
  const decay = ["weightDecay", "l2", "l1"]
    .filter((name) => Number(optimizer[name] ?? 0) > 0)
    .map(
      (name) =>
        `${{ weightDecay: "weight decay", l2: "an L2 penalty of", l1: "an L1 penalty of" }[name] ?? name} ${number(Number(optimizer[name]))}`,
    );
  const with_ = [`learning rate ${number(Number(optimizer["learningRate"]))}`, ...decay].join(" and ");
  return `The optimizer ${optimizer.name} with ${with_} changed the weights ${whole(Number(training["steps"]))} times, each time after a look at ${batch}.`;
}
