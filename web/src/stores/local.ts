import { openBrowserStore, type BrowserStore } from "../../../src/runs/browser-store.ts";

let opened: Promise<BrowserStore> | undefined;

/** The runs kept in this browser. Rejects, each time it is asked, where the browser keeps nothing. */
export function localStore(): Promise<BrowserStore> {
  opened ??= openBrowserStore();
  opened.catch(() => (opened = undefined));
  return opened;
}
