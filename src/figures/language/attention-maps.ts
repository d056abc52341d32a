import type { SentenceView } from "../../analyses/language/explain-language.ts";
import { el, fontSizes, frame, group, heat, light, px, textAt, textWidth, titleHeight, type FigureOptions } from "../svg/index.ts"; // prettier-ignore

/** Where each word looks: one square for each layer and head, rows the words that look, columns those looked at. */
export function attentionMaps(
  { words, attention }: Pick<SentenceView, "words" | "attention">,
  { theme = light, title, width = 720 }: FigureOptions = {},
): string {
  const n = words.length + 1;
  const shown = ["<start>", ...words];
  const heads = Math.max(1, ...attention.map((layer) => layer.length));
  const names = Math.max(...shown.map((word) => textWidth(word, fontSizes.tick - 2))) + 8;
  const gap = 12;
  const cellOf = (count: number): number => Math.min(12, ((width - names) / count - gap) / n);
  // On a telephone the heads of a layer stand in several rows: words smaller than that cannot be read.
  const fitting = Array.from({ length: heads }, (_, i) => heads - i).find((count) => cellOf(count) >= 8);
  const perRow = fitting ?? 1;
  const rowsPerLayer = Math.ceil(heads / perRow);
  const cell = Math.max(1, cellOf(perRow));
  const side = n * cell;
  const top = titleHeight(title) + 20;
  const parts = attention.flatMap((patterns, layer) =>
    patterns.map((data, head) => {
      const left = names + (head % perRow) * (side + gap);
      const y = top + (layer * rowsPerLayer + Math.floor(head / perRow)) * (side + 30);
      return group(
        { "data-layer": layer, "data-head": head, "data-plot": [left, y, side, side].map(px).join(",") },
        textAt(left, y - 5, width < 500 ? `${layer}.${head}` : `layer ${layer}, head ${head}`, {
          fill: theme.muted,
          size: fontSizes.tick,
        }),
        el("rect", { x: left, y, width: side, height: side, fill: theme.panel }),
        heat({ rows: n, cols: n, data }, { left, top: y, cellWidth: cell, cellHeight: cell, range: 1, theme }),
        head % perRow > 0
          ? []
          : shown.map(
              (word, row) =>
              textAt(left - 4, y + (row + 0.8) * cell, word, { fill: theme.muted, size: Math.min(fontSizes.tick - 2, cell), anchor: "end" }), // prettier-ignore
            ),
      );
    }),
  );
  const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
  const label = `Attention of ${many(attention.length, "layer")} with ${many(heads, "head")} each over "${words.join(" ")}": rows look at columns.`;
  return frame({ width, height: top + attention.length * rowsPerLayer * (side + 30), label, title, theme }, parts);
}
