import { outputVector, type Construction } from "../analyses/constructed.ts";
import { arrow, category, circlePanel, dash, el, frame, light, onCircle, px, textAt, titleHeight, type FigureOptions } from "./svg/index.ts"; // prettier-ignore

export interface ReluWrapRows extends Construction {
  readonly a: number;
  readonly b: number;
}

/**
 * How a network made by hand adds two numbers, as SVG text. Left: its directions, each as strongly drawn as its neuron is
 * active for the midpoint of a and b. Right: arrows at twice the angle, as long as the activations, their sum, and the
 * ray of the right answer.
 */
export function reluWrap(rows: ReluWrapRows, options: FigureOptions = {}): string {
  const { width = 640, theme = light, title } = options;
  const { neurons, modulus, activation, rotation, a, b } = rows;
  const stacked = width < 420;
  const gap = 12;
  const size = stacked ? Math.min(width - 16, 300) : Math.min((width - 16 - gap) / 2, 300);
  const top = titleHeight(title) + 24;
  const left = circlePanel(8, top, size);
  const right = stacked ? circlePanel(8, top + size + 30, size) : circlePanel(8 + size + gap, top, size);
  const turn = (2 * Math.PI) / modulus;
  const middle = [
    (Math.cos(turn * a) + Math.cos(turn * b)) / 2,
    (Math.sin(turn * a) + Math.sin(turn * b)) / 2,
  ] as const;
  const directions = Array.from({ length: neurons }, (_, j) => {
    const angle = (2 * Math.PI * j) / neurons + rotation;
    const pre = middle[0] * Math.cos(angle) + middle[1] * Math.sin(angle);
    return { j, angle, active: activation === "square" ? pre * pre : Math.max(0, pre) };
  });
  const centered = 2 * Math.abs(a - b) === modulus;
  const [sx, sy] = centered ? [0, 0] : outputVector(rows)(a, b);
  const angle = Math.atan2(sy, sx);
  const answer = (a + b) % modulus;
  const tokens = (angle / turn + modulus) % modulus;
  const total = Math.hypot(sx, sy);
  const scale = Math.max(1e-9, ...directions.map(({ active }) => active));
  const off = wrapTokens(tokens - answer, modulus);
  const words =
    centered || total < 1e-12
      ? "every neuron is 0: no answer"
      : `points at ${tokens.toFixed(2)}, the answer is ${answer}: off by ${Math.abs(off).toFixed(2)} tokens`;
  // As the summary says it, but never wider than the narrowest figure.
  const shown = centered || total < 1e-12 ? words : `at ${tokens.toFixed(2)}, answer ${answer}: off by ${Math.abs(off).toFixed(2)} tokens`; // prettier-ignore
  const name = activation === "square" ? "square" : "ReLU";
  return frame(
    {
      width,
      height: right.top + size + 26,
      title,
      theme,
      panel: left,
      label: `${neurons} directions with ${name} activation adding ${a} and ${b} modulo ${modulus}: the sum of the pulls ${words}.`,
      attributes: { "data-a": String(a), "data-b": String(b), "data-modulus": String(modulus) },
    },
    textAt(left.left + 2, left.top - 6, `${neurons} directions, as thick as active (${name})`, {
      size: 11,
      fill: theme.ink,
    }),
    onCircle(
      left,
      theme,
      directions.map(({ j, angle, active }) =>
        [
          arrow(left.point(0, 0), left.polar(angle), { stroke: category(theme, j), width: 1, opacity: 0.5 }),
          active > 0
            ? el("path", {
                d: `M${left.point(0, 0).map(px).join(" ")}L${left.polar(angle, active).map(px).join(" ")}`,
                stroke: category(theme, j),
                "stroke-width": 6,
                "stroke-linecap": "round",
                "data-neuron": String(j),
              })
            : "",
          textAt(...centeredText(left.polar(angle, 1.13)), String(j), {
            size: 10,
            fill: category(theme, j),
            anchor: "middle",
            bold: true,
          }),
        ].join(""),
      ),
      el("circle", { cx: left.point(...middle)[0], cy: left.point(...middle)[1], r: 5, fill: theme.ink }),
      textAt(left.point(...middle)[0] + 8, left.point(...middle)[1] - 6, "midpoint", {
        size: 10,
        fill: theme.ink,
        halo: theme.panel,
      }),
    ),
    textAt(right.left + 2, right.top - 6, "pulls at twice the angle, and their sum", { size: 11, fill: theme.ink }),
    onCircle(
      right,
      theme,
      el("path", {
        d: `M${right.point(0, 0).map(px).join(" ")}L${right
          .polar(turn * answer, 1.05)
          .map(px)
          .join(" ")}`,
        stroke: theme.correct,
        "stroke-width": 2,
        "stroke-dasharray": dash(1),
      }),
      textAt(...centeredText(right.polar(turn * answer, 1.18)), String(answer), {
        size: 12,
        fill: theme.correct,
        anchor: "middle",
        bold: true,
      }),
      directions.map(({ j, angle, active }) =>
        arrow(right.point(0, 0), right.polar(2 * angle, 0.85 * (active / scale)), {
          stroke: category(theme, j),
          width: 2,
        }),
      ),
      total < 1e-12
        ? ""
        : arrow(right.point(0, 0), right.polar(angle, 1), { stroke: theme.ink, width: 3, opacity: 0.85 }),
    ),
    textAt(8, right.top + size + 17, shown, { size: 12, fill: theme.ink, bold: true }),
  );
}

const centeredText = ([x, y]: readonly [number, number]): readonly [number, number] => [x, y + 4];

/** Into ±modulus / 2. */
const wrapTokens = (difference: number, modulus: number): number =>
  difference - modulus * Math.round(difference / modulus);
