import { clip, decades, el, emptyFrame, escapeText, fitted, frame, grouped, legend, light, line, linear, log, panelGroup, power, textAt, titleHeight, type FigureOptions, type Panel } from "./svg/index.ts"; // prettier-ignore

export interface GalleryRun {
  readonly id: string;
  /** Short: its seed, or its frequencies. */
  readonly title: string;
  readonly steps: ArrayLike<number>;
  readonly train: ArrayLike<number>;
  readonly test: ArrayLike<number>;
}

export interface GalleryOptions extends FigureOptions {
  /** Loss axis of every chart; by default what they span together. */
  readonly domain?: readonly [number, number] | undefined;
  /** The run that is open. */
  readonly selected?: string | undefined;
  readonly lossUnit?: string | undefined;
}

/** Many runs as small loss curves on the same axes, as SVG text; each has its frequencies as its title. */
export function runGallery(runs: readonly GalleryRun[], options: GalleryOptions = {}): string {
  const { width = 720, theme = light, title, selected, lossUnit = "nats per example" } = options;
  if (runs.length === 0) return emptyFrame("No runs yet", options);
  const margin = 8;
  const columns = Math.max(2, Math.floor((width - margin) / 92));
  const cell = (width - margin) / columns;
  const [chartWidth, chartHeight] = [cell - margin, 44];
  const domain =
    options.domain ?? decades(runs.flatMap(({ train, test }) => [...Array.from(train), ...Array.from(test)]));
  const last = Math.max(1, ...runs.map(({ steps }) => steps[steps.length - 1] ?? 0));
  const key = legend(
    [
      { text: "train loss", line: { stroke: theme.train, width: 1.25 } },
      {
        text: `test loss (${lossUnit}, ${power(domain[0])} … ${power(domain[1])}; ${grouped(last)} steps)`,
        line: { stroke: theme.test, width: 2 },
      },
    ],
    { x: margin, y: titleHeight(title) + 2, width, theme },
  );
  const start = titleHeight(title) + key.height + 8;
  const rowHeight = chartHeight + 22;
  const charts = runs.map(({ id, title: name, steps, train, test }, i) => {
    const left = margin + (i % columns) * cell;
    const top = start + Math.floor(i / columns) * rowHeight + 14;
    const panel: Panel = {
      left,
      top,
      width: chartWidth,
      height: chartHeight,
      x: linear([0, last], [left, left + chartWidth]),
      y: log(domain, [top + chartHeight, top]),
    };
    const chosen = id === selected;
    return el(
      "g",
      { "data-run": id },
      el("title", {}, escapeText(id)),
      panelGroup(
        panel,
        el("rect", {
          x: left,
          y: top,
          width: chartWidth,
          height: chartHeight,
          fill: theme.panel,
          ...(chosen ? { stroke: theme.highlight, "stroke-width": 3 } : {}),
        }),
        clip(
          panel,
          line(steps, train, panel, { stroke: theme.train, width: 1 }),
          line(steps, test, panel, { stroke: theme.test, width: 1.75 }),
        ),
      ),
      textAt(left, top - 4, fitted(name, 10, chartWidth), { size: 10, fill: theme.ink, bold: chosen }),
    );
  });
  const height = start + Math.ceil(runs.length / columns) * rowHeight + 4;
  const label = `Train and test loss of ${runs.length} runs over ${last} steps, small charts on the same axes: ${runs
    .slice(0, 12)
    .map(({ title: name }) => name)
    .join("; ")}${runs.length > 12 ? "; …" : ""}.`;
  return frame({ width, height, title, theme, label }, key.svg, charts);
}
