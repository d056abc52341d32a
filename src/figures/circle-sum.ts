import { arrow, circlePanel, el, frame, light, onCircle, px, textAt, titleHeight, type CirclePanel, type FigureOptions, type Theme } from "./svg/index.ts"; // prettier-ignore

export interface CircleSumRows {
  readonly modulus: number;
  readonly a: number;
  readonly b: number;
}

/** At most this many points of a circle are drawn. */
const mostPoints = 150;

/**
 * Addition on a circle, as SVG text. Left: the numbers as points, the chord from a to b, its midpoint. The midpoint's
 * direction is half of a + b, so on the right the answers stand at half the spacing, each of them twice.
 */
export function circleSum({ modulus, a, b }: CircleSumRows, options: FigureOptions = {}): string {
  const { width = 640, theme = light, title } = options;
  const gap = 12;
  const stacked = width < 420;
  const size = stacked ? Math.min(width - 16, 300) : Math.min((width - 2 * 8 - gap) / 2, 300);
  const top = titleHeight(title) + 24;
  const left = circlePanel(8, top, size);
  const right = stacked ? circlePanel(8, top + size + 30, size) : circlePanel(8 + size + gap, top, size);
  const turn = (2 * Math.PI) / modulus;
  const [from, to] = [left.polar(turn * a), left.polar(turn * b)];
  const middle = [
    (Math.cos(turn * a) + Math.cos(turn * b)) / 2,
    (Math.sin(turn * a) + Math.sin(turn * b)) / 2,
  ] as const;
  const centered = 2 * Math.abs(a - b) === modulus;
  // The place of the answer among 2M: the one that the midpoint's direction meets.
  const raw = Math.atan2(middle[1], middle[0]);
  const place = Math.round((raw < 0 ? raw + 2 * Math.PI : raw) / (Math.PI / modulus)) % (2 * modulus);
  const answer = (a + b) % modulus;
  const places = [answer, answer + modulus].filter((n) => n < 2 * modulus);
  const words = centered
    ? "the midpoint is the center: no direction, no answer"
    : `${a} + ${b} = ${a + b}${a + b < modulus ? "" : `, which is ${answer} modulo ${modulus}`}`;
  return frame(
    {
      width,
      height: right.top + size + 26,
      title,
      theme,
      panel: left,
      label: `The numbers 0 to ${modulus - 1} on a circle, with ${a} and ${b} joined by a chord; among ${2 * modulus} points at half the spacing its midpoint points at ${centered ? "none, because it is the center" : `${place}, which is ${answer} modulo ${modulus}`}.`,
      attributes: { "data-a": String(a), "data-b": String(b), "data-modulus": String(modulus) },
    },
    textAt(left.left + 2, left.top - 6, "embed: every number a point", { size: 11, fill: theme.ink }),
    onCircle(
      left,
      theme,
      points(left, modulus, modulus, [a, b], theme),
      el("path", {
        d: `M${px(from[0])} ${px(from[1])}L${px(to[0])} ${px(to[1])}`,
        stroke: theme.ink,
        "stroke-width": 1.5,
      }),
      dot(left.point(...middle), 5, theme.ink),
      [...new Set([a, b])].map((n) => selected(left, turn * n, String(n), theme.correct)),
    ),
    textAt(right.left + 2, right.top - 6, "unembed: every answer twice, at half the spacing", {
      size: 11,
      fill: theme.ink,
    }),
    onCircle(
      right,
      theme,
      points(right, 2 * modulus, modulus, places, theme),
      centered ? "" : arrow(right.point(0, 0), right.point(...middle), { stroke: theme.ink, width: 1.5 }),
      centered
        ? ""
        : el("path", {
            d: `M${right
              .point(...middle)
              .map(px)
              .join(" ")}L${right
              .polar((Math.PI / modulus) * place, 0.95)
              .map(px)
              .join(" ")}`,
            stroke: theme.ink,
            "stroke-dasharray": "2 3",
          }),
      dot(right.point(...middle), 5, theme.ink),
      places.map((n) =>
        selected(
          right,
          (Math.PI / modulus) * n,
          String(n % modulus),
          n === place && !centered ? theme.correct : theme.faint,
        ),
      ),
    ),
    textAt(8, right.top + size + 17, words, { size: 12, fill: theme.ink, bold: true }),
  );
}

const dot = ([x, y]: readonly [number, number], r: number, fill: string): string =>
  el("circle", { cx: x, cy: y, r, fill });

function selected(panel: CirclePanel, angle: number, name: string, fill: string): string {
  const [x, y] = panel.polar(angle, 1.17);
  return dot(panel.polar(angle), 6, fill) + textAt(x, y + 4, name, { size: 12, bold: true, fill, anchor: "middle" });
}

/** The points of a circle, some of them with their number. */
function points(panel: CirclePanel, count: number, modulus: number, chosen: readonly number[], theme: Theme): string {
  const every = Math.ceil(count / mostPoints);
  const named = Math.ceil(count / 24);
  let dots = "";
  const names: string[] = [];
  for (let n = 0; n < count; n += every) {
    const angle = (2 * Math.PI * n) / count;
    const [x, y] = panel.polar(angle);
    dots += `M${px(x)} ${px(y)}h0`;
    const near = chosen.some((other) => Math.min(Math.abs(other - n), count - Math.abs(other - n)) < count / 26);
    if (n % named !== 0 || near) continue;
    const [tx, ty] = panel.polar(angle, 1.14);
    names.push(textAt(tx, ty + 3, String(n % modulus), { size: 9, fill: theme.muted, anchor: "middle" }));
  }
  return (
    el("path", { d: dots, stroke: theme.categories[0], "stroke-width": 4, "stroke-linecap": "round" }) + names.join("")
  );
}
