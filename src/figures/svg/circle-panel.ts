import { panelGroup, type Panel } from "./frame.ts";
import { el } from "./markup.ts";
import { linear } from "./scale.ts";
import type { Theme } from "./theme.ts";

/** A square panel whose unit circle fits with room for names: the domain is ±1.3. */
export interface CirclePanel extends Panel {
  /** Pixels of a point of the plane. */
  point(x: number, y: number): readonly [number, number];
  /** Pixels of a point at this angle and distance from the center. */
  polar(angle: number, radius?: number): readonly [number, number];
}

export function circlePanel(left: number, top: number, size: number, reach = 1.3): CirclePanel {
  const x = linear([-reach, reach], [left, left + size]);
  const y = linear([-reach, reach], [top + size, top]);
  const point = (px: number, py: number) => [x.at(px), y.at(py)] as const;
  const polar = (angle: number, radius = 1) => point(radius * Math.cos(angle), radius * Math.sin(angle));
  return { left, top, width: size, height: size, x, y, point, polar };
}

/** Background and unit circle, then the content. */
export const onCircle = (
  panel: CirclePanel,
  theme: Theme,
  ...content: readonly (string | readonly string[])[]
): string =>
  panelGroup(
    panel,
    el("rect", { x: panel.left, y: panel.top, width: panel.width, height: panel.height, fill: theme.panel }),
    el("circle", {
      cx: panel.x.at(0),
      cy: panel.y.at(0),
      r: panel.x.at(1) - panel.x.at(0),
      fill: "none",
      stroke: theme.grid,
      "stroke-width": 1.5,
    }),
    ...content,
  );

/** A straight line with a head, in pixels. */
export function arrow(
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
  {
    stroke,
    width = 2,
    opacity,
    dash,
  }: { readonly stroke: string; readonly width?: number; readonly opacity?: number; readonly dash?: string },
): string {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (length < 0.5) return "";
  const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
  const head = Math.min(7 + width, length);
  const side = head * 0.45;
  const [bx, by] = [x1 - ux * head, y1 - uy * head];
  const round = (value: number): number => Math.round(value * 100) / 100;
  return (
    el("path", {
      d: `M${round(x0)} ${round(y0)}L${round(bx)} ${round(by)}`,
      stroke,
      "stroke-width": width,
      "stroke-opacity": opacity,
      "stroke-dasharray": dash,
      fill: "none",
    }) +
    el("path", {
      d: `M${round(x1)} ${round(y1)}L${round(bx - uy * side)} ${round(by + ux * side)}L${round(bx + uy * side)} ${round(by - ux * side)}z`,
      fill: stroke,
      "fill-opacity": opacity,
    })
  );
}
