import type { Panel } from "./frame.ts";
import { panelGroup } from "./frame.ts";
import { el, px } from "./markup.ts";
import { linear } from "./scale.ts";
import { textAt } from "./text.ts";
import type { Theme } from "./theme.ts";

/** A neuron as a point: the cosine and sine part of its weights at its frequency. */
export interface StarNode {
  /** Its place in the network. */
  readonly neuron: number;
  /** What is written in its disc. */
  readonly name: string;
  readonly cos: number;
  readonly sin: number;
}

/** A square panel of the plane of cosine and sine, from -reach to reach both ways. */
export interface StarPanel {
  readonly left: number;
  readonly top: number;
  readonly size: number;
  /** In the order in which edges join them; the last is joined to the first. */
  readonly nodes: readonly StarNode[];
  readonly reach: number;
  /** Radius of the drawn circle, in weights. */
  readonly circle: number;
  readonly edges: boolean;
  readonly color: string;
  readonly theme: Theme;
  readonly title: string;
  readonly frequency: number;
  readonly highlight?: number | undefined;
}

export function starPanel(options: StarPanel): string {
  const { left, top, size, nodes, reach, circle, edges, color, theme, title, frequency, highlight } = options;
  const x = linear([-reach, reach], [left, left + size]);
  const y = linear([-reach, reach], [top + size, top]);
  const panel: Panel = { left, top, width: size, height: size, x, y };
  const corners = nodes.map(({ cos, sin }) => `${px(x.at(cos))} ${px(y.at(sin))}`);
  const [cx, cy] = [x.at(0), y.at(0)];
  const radius = size < 130 ? 6.5 : 8;
  return panelGroup(
    panel,
    el("rect", { x: left, y: top, width: size, height: size, fill: theme.panel }),
    el("path", { d: `M${px(left)} ${px(cy)}h${px(size)}M${px(cx)} ${px(top)}v${px(size)}`, stroke: theme.grid }),
    el("circle", { cx, cy, r: Math.max(0, x.at(circle) - cx), fill: "none", stroke: theme.faint, "stroke-width": 1 }),
    edges && corners.length > 1
      ? el("path", {
          d: `M${corners.join("L")}z`,
          fill: "none",
          stroke: color,
          "stroke-width": 1.5,
          "stroke-linejoin": "round",
        })
      : "",
    nodes.map(({ neuron, name, cos, sin }) => {
      const chosen = neuron === highlight;
      const [at, height] = [x.at(cos), y.at(sin)];
      return el(
        "g",
        { "data-neuron": String(neuron), "data-frequency": String(frequency) },
        el("title", {}, `neuron ${neuron}`),
        el("circle", {
          cx: at,
          cy: height,
          r: chosen ? radius + 2 : radius,
          // The panel's own color, for the paper of a page may be transparent: lines end at the discs.
          fill: chosen ? theme.highlight : theme.panel,
          stroke: color,
          "stroke-width": chosen ? 3 : 1.5,
        }),
        textAt(at, height + 3.5, name, { size: radius + 2, fill: theme.ink, anchor: "middle" }),
      );
    }),
    textAt(left + 4, top - 5, title, { size: 11, fill: theme.ink }),
  );
}
