import type { Plan } from "../../train/experiment.ts";
import { code, paragraph, table, text, whole, type Html } from "./html.ts";

export interface Again {
  /** Undefined where training is not known. */
  readonly plan?: Plan | undefined;
  /** Commands that make the network and the page again. */
  readonly commands: readonly string[];
  /** Sections of the Plan with what differs from the defaults, in words. */
  readonly differences?: readonly (readonly [section: string, words: string])[] | undefined;
  /** Files beside the page. */
  readonly files?: readonly string[] | undefined;
}

/** The commands, what they change of the defaults, and the Plan in full. */
export function again({ plan, commands, differences = [], files = [] }: Again): readonly Html[] {
  const shell = commands.length === 0 ? "" : `<pre>${commands.map(text).join("\n")}</pre>`;
  const beside = files.length === 0 ? "" : paragraph(text("The rows behind every number and picture lie beside this page: "), files.map(code).join(", "), "."); // prettier-ignore
  if (plan === undefined) return [shell, beside];
  const changed = table([{ title: "section" }, { title: "differs from the defaults by" }], differences.map(([name, words]) => [text(name), code(words)])); // prettier-ignore
  const full = (["task", "split", "model", "optimizer", "training"] as const).flatMap((section) =>
    Object.entries(plan[section]).map(([key, value], i) => [
      i === 0 ? text(section) : "",
      code(key),
      code(shortened(String(value))),
    ]),
  );
  return [
    shell,
    paragraph(text("The same plan and seed give the same bits on every machine.")),
    changed,
    `<details><summary>The plan in full</summary>${table([{ title: "section" }, { title: "option" }, { title: "value" }], [...full, [text("seed"), "", code(String(plan.seed))]])}</details>`,
    beside,
  ];
}

const shortened = (value: string): string =>
  value.length <= 120 ? value : `${value.slice(0, 100)}… (${whole(value.length)} characters)`;
