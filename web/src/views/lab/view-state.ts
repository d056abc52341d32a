import { panelNames, type PanelName } from "../../examining/messages.ts";

/** What a link says of how a run is looked at. */
export interface LabView {
  readonly panel: PanelName;
  /** The step shown; undefined where it follows training. */
  readonly at: number | undefined;
  readonly logSteps: boolean;
  /** Neurons set to zero, ascending. */
  readonly ablated: readonly number[];
}

/** Neurons that a link may set to zero: as many as the lab offers. */
const mostAblated = 512;

/** Writes the view into a link; what is as it comes is left out. */
export function writeView(params: URLSearchParams, { panel, at, logSteps, ablated }: LabView): void {
  if (panel !== panelNames[0]) params.set("show", panel);
  if (at !== undefined) params.set("at", String(at));
  if (logSteps) params.set("log", "steps");
  if (ablated.length > 0) params.set("off", [...ablated].sort((a, b) => a - b).join("."));
}

/** The view that a link asks for. What it does not say, or says wrongly, is as it comes: a view does no harm. */
export function readView(params: URLSearchParams): LabView {
  const panel = panelNames.find((name) => name === params.get("show")) ?? panelNames[0];
  const at = params.get("at");
  const step = at !== null && /^\d{1,12}$/.test(at) ? Number(at) : undefined;
  const neurons = (params.get("off") ?? "").slice(0, 5000).split(".").filter((text) => /^\d{1,4}$/.test(text)); // prettier-ignore
  const ablated = [...new Set(neurons.map(Number))].slice(0, mostAblated);
  return { panel, at: step, logSteps: params.get("log") === "steps", ablated };
}
