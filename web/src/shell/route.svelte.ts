/** The views of the app, in the order of its menu. */
export const views = [
  { name: "story", label: "Story", title: "From memorizing to an algorithm" },
  { name: "lab", label: "Lab", title: "Train a network in this page" },
  { name: "sweeps", label: "Sweeps", title: "Many networks at once" },
  { name: "runs", label: "Runs", title: "What is stored" },
  { name: "structure", label: "Structure", title: "Transformers that find the tree" },
] as const;
export type ViewName = (typeof views)[number]["name"];

export interface Route {
  readonly view: ViewName;
  /** What follows the question mark: the state of the view, as its link holds it. */
  readonly params: URLSearchParams;
  /** The address names a view that does not exist. */
  readonly unknown?: string | undefined;
}

/** `#/lab?seed=3` as a route. An address without a view is the story. */
export function parseHash(hash: string): Route {
  const [path = "", query = ""] = splitOnce(hash.replace(/^#\/?/, ""), "?");
  const name = path.replace(/\/+$/, "");
  const view = views.find((known) => known.name === name)?.name;
  return { view: view ?? "story", params: new URLSearchParams(query), unknown: view || !name ? undefined : name };
}

/** The address of a view, relative to the page: the value of a link's href. */
export function href(view: ViewName, params?: URLSearchParams | Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(params).toString();
  return `#/${view}${query === "" ? "" : `?${query}`}`;
}

function splitOnce(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

let current = $state.raw<Route>(parseHash(location.hash));
window.addEventListener("hashchange", () => (current = parseHash(location.hash)));

/** Where the reader is. Reactive. */
export const route = {
  get now(): Route {
    return current;
  },
};

/** Goes to a view, with an entry of its own in the browser's history. */
export function go(view: ViewName, params?: URLSearchParams | Readonly<Record<string, string>>): void {
  location.hash = href(view, params);
}

/** Writes the state of the present view into the address, in place: the back button leaves the view. */
export function keepInAddress(params: URLSearchParams): void {
  const address = href(current.view, params);
  if (address === location.hash) return;
  history.replaceState(history.state, "", address);
  current = { view: current.view, params };
}
