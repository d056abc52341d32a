/** What figures are made of: SVG as text, without a page. */
export { axes, xAxisHeight, yAxisWidth, yLabelHeight, type AxesOptions, type AxisOptions } from "./axes.ts";
export { clip, emptyFrame, frame, panelGroup, plotAttributes, titleHeight, type FigureOptions, type Frame, type Panel } from "./frame.ts"; // prettier-ignore
export { colorBar, heat, type HeatOptions } from "./heat.ts";
export { legend, type LegendEntry } from "./legend.ts";
export { line, linePath, type LineOptions } from "./lines.ts";
export { classMark, cursor, endLabels, markRows, shapePath, stepMarks, type EndLabel, type StepMark } from "./marks.ts";
export { attributesText, el, escapeText, exact, group, px, type Attributes } from "./markup.ts";
export { decades, extent, grouped, largest, linear, linearTicks, log, percent, plain, power, type Scale } from "./scale.ts"; // prettier-ignore
export { fitted, fontFamily, fontSizes, textAt, textWidth, wrapped, type TextOptions } from "./text.ts";
export { adaptive, category, dark, dash, dashes, light, themes, themeVariables, type ClassStyle, type Shape, type Theme } from "./theme.ts"; // prettier-ignore
export { columnTicks, mapPanel, mapPanelExtra, shownNeurons, type MapPanel } from "./map-panel.ts";
export { stepPanels, type StepLine, type StepOptions, type StepPanel } from "./step-panels.ts";
export { starPanel, type StarNode, type StarPanel } from "./star-panel.ts";
export { arrow, circlePanel, onCircle, type CirclePanel } from "./circle-panel.ts";
