import type { SentenceView } from "../../analyses/language/explain-language.ts";
import { brackets } from "../../analyses/trees/brackets.ts";
import type { Tree } from "../../tasks/language/parse.ts";
import { el, fontSizes, frame, group, light, px, textAt, textWidth, titleHeight, type FigureOptions, type Theme } from "../svg/index.ts"; // prettier-ignore

/** A sentence's projected tree above its words, and the grammar's below: brackets that both have are drawn strongly. */
export function sentenceTrees(
  { words, projected, gold }: Pick<SentenceView, "words" | "projected" | "gold">,
  { theme = light, title, width = 720 }: FigureOptions = {},
): string {
  const natural = words.reduce((sum, word) => sum + textWidth(word, fontSizes.label) + 14, 0);
  // A long sentence on a telephone is written smaller.
  const scale = Math.min(1, (width - 24) / natural);
  const size = fontSizes.label * scale;
  const centers: number[] = [];
  let right = 16;
  for (const word of words) {
    const wide = textWidth(word, size);
    centers.push(right + wide / 2);
    right += wide + 14 * scale;
  }
  const levelHeight = 22;
  const depth = Math.max(height(projected), gold === null ? 0 : height(gold));
  const above = titleHeight(title) + 24 + depth * levelHeight;
  const spans = (tree: Tree | null): ReadonlySet<string> => new Set(tree === null ? [] : brackets(tree).map(String));
  const [found, known] = [spans(projected), spans(gold)];
  const common = [...found].filter((span) => known.has(span)).length;
  const line = above + 18;
  const parts = [
    textAt(12, titleHeight(title) + 14, "projected from the network's states", { fill: theme.muted, size: fontSizes.tick }), // prettier-ignore
    drawn(projected, centers, above, -levelHeight, known, theme),
    words.map((word, i) => textAt(centers[i], line, word, { fill: theme.ink, anchor: "middle", size })),
    ...(gold === null
      ? []
      : [
          drawn(gold, centers, line + 8, levelHeight, found, theme),
          textAt(12, line + depth * levelHeight + 26, "the grammar's", { fill: theme.muted, size: fontSizes.tick }),
        ]),
  ];
  const label =
    `${words.join(" ")}: projected tree ${bracketed(projected, words)}` +
    (gold === null
      ? "."
      : `; the grammar's tree ${bracketed(gold, words)}; ${common} of ${found.size} brackets in common.`);
  const bottom = gold === null ? line + 12 : line + depth * levelHeight + 36;
  const top = titleHeight(title) + 20;
  const area = { "data-plot": [0, top, width, bottom - top].map(px).join(",") };
  return frame({ width, height: bottom, label, title, theme }, group(area, parts.flat()));
}

const height = (tree: Tree): number => (typeof tree === "number" ? 0 : 1 + Math.max(height(tree[0]), height(tree[1])));

/** The tree in brackets, as text. */
export const bracketed = (tree: Tree, words: readonly string[]): string =>
  typeof tree === "number" ? words[tree] : `(${bracketed(tree[0], words)} ${bracketed(tree[1], words)})`;

/** From the words up (or down), each node a corner above the middle of its children. */
function drawn(
  tree: Tree,
  centers: readonly number[],
  from: number,
  step: number,
  shared: ReadonlySet<string>,
  theme: Theme,
): string {
  const paths: string[] = [];
  const place = (node: Tree): { x: number; y: number; first: number; last: number } => {
    if (typeof node === "number") return { x: centers[node], y: from, first: node, last: node };
    const [left, right] = [place(node[0]), place(node[1])];
    const x = (left.x + right.x) / 2;
    const y = from + height(node) * step;
    const strong = shared.has(`${left.first},${right.last}`);
    paths.push(
      el("path", {
        d: `M${px(left.x)} ${px(left.y)}V${px(y)}H${px(right.x)}V${px(right.y)}`,
        fill: "none",
        stroke: strong ? theme.test : theme.faint,
        "stroke-width": strong ? 2.5 : 1.25,
        "data-span": `${left.first},${right.last}`,
      }),
    );
    return { x, y, first: left.first, last: right.last };
  };
  place(tree);
  return group({}, paths);
}
