import type { InterferenceRows } from "../analyses/interference.ts";
import { axes, category, el, emptyFrame, frame, light, linear, panelGroup, percent, textAt, titleHeight, xAxisHeight, type FigureOptions, type Panel } from "./svg/index.ts"; // prettier-ignore

type Score = "train" | "test";

/**
 * Held-out accuracy with the neurons of one frequency alone (filled) and with all but those (hollow), and of the whole
 * network, as SVG text: no frequency is enough, none can be spared.
 */
export function ablations(rows: InterferenceRows, options: FigureOptions & { readonly half?: Score } = {}): string {
  const { width = 720, theme = light, title, half = "test" } = options;
  const { frequencies, network } = rows;
  if (frequencies.length === 0) return emptyFrame("No neuron is a wave of one frequency", options);
  const left = 52;
  const panelHeight = 150;
  const top = titleHeight(title) + 28;
  const right = width - 12;
  const slots = frequencies.length + 1;
  const slot = Math.min(130, (right - left) / slots);
  const panel: Panel = {
    left,
    top,
    width: slot * slots,
    height: panelHeight,
    x: linear([0, slots], [left, left + slot * slots]),
    // Room above a full bar for its number.
    y: linear([0, 1.12], [top + panelHeight, top]),
  };
  const wide = Math.min(26, slot * 0.3);
  const shown = (share: number): number => (Number.isFinite(share) ? share : 0);
  const bar = (x: number, share: number, color: string, hollow: boolean, name: string): string => {
    const y = panel.y.at(shown(share));
    return (
      el(
        "rect",
        { x: x - wide / 2, y, width: wide, height: Math.max(0.5, top + panelHeight - y), fill: hollow ? theme.paper : color, stroke: color, "stroke-width": 1.5, "data-frequency": name }, // prettier-ignore
      ) + textAt(x, y - 4, percent(shown(share)), { size: 10, fill: theme.ink, anchor: "middle" })
    );
  };
  const bars = frequencies.map(({ frequency, kept, removed }, i) => {
    const at = panel.x.at(i + 0.5);
    const color = category(theme, i);
    return bar(at - wide * 0.85, kept[half].accuracy, color, false, String(frequency)) + bar(at + wide * 0.85, removed[half].accuracy, color, true, String(frequency)); // prettier-ignore
  });
  const names = [...frequencies.map(({ frequency }) => String(frequency)), "all"];
  const said = frequencies.map(({ frequency, kept, removed }) => `frequency ${frequency} ${percent(shown(kept[half].accuracy))} alone, ${percent(shown(removed[half].accuracy))} without it`).join("; "); // prettier-ignore
  const label = `Accuracy on ${half === "test" ? "held-out" : "training"} pairs by frequency: ${said}; all neurons ${percent(shown(network[half].accuracy))}.`;
  return frame(
    { width, height: top + panelHeight + xAxisHeight(true) + 4, title, theme, label, panel },
    panelGroup(
      panel,
      axes(panel, {
        theme,
        x: { ticks: names.map((_, i) => i + 0.5), format: (at) => names[Math.floor(at)], label: "frequency: alone (filled), all but it (hollow)" }, // prettier-ignore
        y: {
          label: `accuracy on ${half === "test" ? "held-out" : "training"} pairs`,
          ticks: [0, 0.5, 1],
          format: percent,
        },
      }),
      bars,
      bar(panel.x.at(slots - 0.5), network[half].accuracy, theme.ink, false, "all"),
    ),
  );
}
