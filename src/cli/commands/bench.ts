import { Command } from "commander";
import { arch, cpus, platform } from "node:os";
import { software } from "../../runs/software.ts";
import { median } from "../../verdict/trend.ts";
import { works, type BenchOptions, type Work } from "../bench.ts";
import { jsonOption, wholeNumber, type JsonFlag } from "../flags.ts";
import { rate } from "../render/numbers.ts";
import { table, type Column } from "../render/table.ts";
import { UsageError } from "../../options.ts";
import type { Session } from "../session.ts";

interface Flags extends JsonFlag {
  readonly blocks: string;
  readonly steps: string;
}

export function benchCommand(session: Session): Command {
  return new Command("bench")
    .description("how fast this machine trains: steps per second and matrix products, on one thread, within a minute")
    .option("--blocks <N>", "stretches measured of each; their median is shown", "7")
    .option("--steps <N>", "training steps of a stretch", "1000")
    .addOption(jsonOption("one JSON object per line"))
    .action((flags: Flags) => bench(session, flags));
}

function bench(session: Session, { json, blocks, steps }: Flags): void {
  const options: BenchOptions = {
    blocks: positive(blocks, "--blocks"),
    steps: positive(steps, "--steps"),
    now: () => session.io.now(),
  };
  const rows = works.map((work) => {
    if (!json) session.note(`${work.name}, ${work.dtype} …`);
    return result(work, work.measure(options));
  });
  const machine = `${cpus()[0]?.model.trim() ?? "unknown processor"}, ${cpus().length} threads, ${platform()} ${arch()}`;
  if (json) {
    for (const row of rows) session.printJson({ type: "bench", ...row });
    session.printJson({ type: "summary", machine, software: software(), blocks: options.blocks, steps: options.steps });
    return;
  }
  const titles: Column[] = [
    { title: "work, one thread" },
    { title: "type" },
    { title: "median", align: "right" },
    { title: "least", align: "right" },
    { title: "greatest", align: "right" },
    { title: "" },
    { title: "one", align: "right" },
  ];
  const cells = rows.map(({ work, dtype, unit, median: middle, min, max, milliseconds }) => [
    work,
    dtype,
    ...[middle, min, max].map((value) => (unit === "steps/s" ? rate(value) : value.toFixed(1))),
    unit,
    milliseconds === null ? "" : `${Number(milliseconds.toPrecision(3))} ms`,
  ]);
  const { out } = session;
  session.print(
    ...table(titles, cells, { style: out }),
    "",
    `${machine}; ${software()}`,
    out.dim(
      `median of ${options.blocks} stretches of ${options.steps} steps (a fiftieth of it of a language model), evaluation not included; bench/peers runs the same work elsewhere`,
    ),
  );
}

function positive(text: string, flag: string): number {
  const value = wholeNumber(text, flag);
  if (value >= 1) return value;
  throw new UsageError(`${flag}: 0 is not allowed; give a whole number of at least 1`);
}

const result = ({ name, dtype, unit }: Work, rates: readonly number[]) => ({
  work: name,
  dtype,
  unit,
  median: median(rates),
  min: Math.min(...rates),
  max: Math.max(...rates),
  /** Time of one step. */
  milliseconds: unit === "steps/s" ? 1000 / median(rates) : null,
});
