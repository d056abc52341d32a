import { Command } from "commander";
import { named, UsageError } from "../../options.ts";
import type { RunRecord, Store } from "../../runs/store.ts";
import type { Eval } from "../../train/eval.ts";
import { judge } from "../../verdict/index.ts";
import { writableTarget, writeWhole } from "../files.ts";
import { storeOption, type StoreFlag } from "../flags.ts";
import { bytes as byteText } from "../render/numbers.ts";
import { contextOfRun } from "../run-context.ts";
import type { Session } from "../session.ts";
import { findRun, withStore } from "../store.ts";

interface Flags extends StoreFlag {
  readonly out: string;
  readonly force?: true;
}

interface Figure {
  readonly name: string;
  readonly draw: (record: RunRecord, evals: readonly Eval[]) => Promise<string>;
}

/** Figures are loaded where one is drawn: what draws them is larger than everything else. */
const figures: readonly Figure[] = [
  {
    name: "training-curves",
    draw: async (record, evals) => {
      const { trainingCurves } = await import("../../figures/training-curves.ts");
      const context = contextOfRun(record);
      const { fitStep, generalizeStep } = judge(evals, context);
      const marks = [
        ...(fitStep === null ? [] : [{ step: fitStep, label: "fitted" }]),
        ...(generalizeStep === null ? [] : [{ step: generalizeStep, label: "generalized" }]),
      ];
      const lossUnit = context.lossUnit === "nats" ? "nats per example" : "nats per example and class";
      return trainingCurves(evals, { title: record.id, marks, chance: context.chance, lossUnit });
    },
  },
];
const names = figures.map(({ name }) => name).join(", ");

export function figureCommand(session: Session): Command {
  return new Command("figure")
    .description(`a picture of a run: ${names}`)
    .argument("<run>", "id or the beginning of one, name of an experiment, or last")
    .argument("[figure]", names, figures[0].name)
    .requiredOption("--out <FILE.svg>", "file to write; - for standard output")
    .option("--force", "write over a file that exists")
    .addOption(storeOption())
    .action(async (text: string, name: string, flags: Flags) => {
      const figure = named(figures, name, "figure");
      const toStdout = flags.out === "-";
      if (!toStdout && !/\.svg$/i.test(flags.out))
        throw new UsageError(`--out ${flags.out}: give a name that ends in .svg`);
      const target = toStdout ? undefined : writableTarget(flags.out, session.io.cwd, { force: flags.force === true });
      const draw = async (store: Store) => {
        const record = await findRun(store, text, flags.store);
        return { id: record.id, svg: await figure.draw(record, await store.evals(record.id)) };
      };
      const { id, svg } = await withStore(session, flags.store, draw, { reading: true });
      if (target === undefined) return session.io.stdout.write(svg);
      const content = new TextEncoder().encode(svg);
      writeWhole(target, content);
      session.print(`${name} of ${id}: ${flags.out}, ${byteText(content.length)}`);
    });
}
