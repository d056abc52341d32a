import type { FigureSample } from "../../../test/contracts/figure.ts";
import { runFigures } from "../run-figures.ts";
import { sweepFigures } from "../sweep-figures.ts";

/** docs/figures.md: every figure with its picture, its caption, and the command that draws it. */
export function galleryPage(samples: readonly FigureSample[]): string {
  const parts = samples.map(({ name, caption, command = name }) => {
    const figure = runFigures.find((one) => one.name === command.split(" ")[0]);
    const ofSweep = figure === undefined ? sweepFigures.find((one) => one.name === command.split(" ")[0]) : undefined;
    const subject = ofSweep ? "<sweep> " : figure?.needs === "nothing" ? "" : "<run> ";
    const options = Object.entries((figure ?? ofSweep)?.fields ?? {}).map(([key, field]) => `- \`${key}\`: ${field.help} (\`${String(field.default)}\`)`); // prettier-ignore
    return [
      `## ${name}`,
      "",
      caption,
      "",
      `![${caption}](figures/${name}.svg)`,
      "",
      ...(figure || ofSweep ? [`\`groklab figure ${subject}${command} --out FILE.svg\``, ""] : []),
      ...(options.length > 0 ? [...options, ""] : []),
    ].join("\n");
  });
  return `# Figures

Every figure is a pure function from rows to SVG text, in \`src/figures/\`: no page, no files. The same call serves the
command line, the report, the web app and the tests. \`groklab figure\` lists those of a run; a name that ends in \`.png\`
gives a PNG. \`--step\` chooses the checkpoint, \`--set key=value\` an option, \`--theme dark\` and \`--width\` the look.

What they share: \`theme\` is \`light\`, \`dark\`, or \`adaptive\`, whose colors are CSS variables of the page. Lines are told
apart by name and dash, classes by shape, positive weights (red) are darker than negative ones (blue). The root carries
\`data-plot="left,top,width,height"\`, the domains and scales of its axes and a summary as \`aria-label\`; marks carry
\`data-neuron\`, \`data-frequency\`, \`data-run\`.

The pictures below are drawn from planted networks; a test compares them.

${parts.join("\n")}`;
}
