import { decodeRecordings } from "../../../../../src/runs/recording/decode.ts";
import { limits, type Recording } from "../../../../../src/runs/recording/recording.ts";

const folder = `${import.meta.env.BASE_URL}recordings/`;
let index: Promise<ReadonlySet<string>> | undefined;
const loading = new Map<string, Promise<readonly Recording[]>>();

/** Whether a file is among those that this page is shipped with: it is asked before a file is, which may be absent. */
export async function isShipped(file: string): Promise<boolean> {
  index ??= fetch(`${folder}index.json`).then(async (response) => {
    const names: unknown = response.ok ? await response.json() : [];
    return new Set(Array.isArray(names) ? names.filter((name) => typeof name === "string") : []);
  });
  index.catch(() => (index = undefined));
  return (await index).has(file);
}

/**
 * The recordings that are shipped under a name, fetched once. A failure is forgotten, so that it can be tried again.
 * @throws Error in one sentence, where the file is absent or damaged
 */
export function recordingsOf(name: string): Promise<readonly Recording[]> {
  const known = loading.get(name);
  if (known) return known;
  const found = load(name);
  loading.set(name, found);
  found.catch(() => loading.delete(name));
  return found;
}

async function load(name: string): Promise<readonly Recording[]> {
  const file = `${name}.rec`;
  if (!(await isShipped(file))) throw new Error(`the recording ${name} is not among this page's files`);
  return decodeRecordings(await shippedFile(file));
}

/** @throws Error in one sentence */
export async function shippedFile(file: string): Promise<Uint8Array> {
  const response = await fetch(folder + file);
  if (!response.ok) throw new Error(`${file} could not be fetched (${response.status})`);
  // A static host may answer a missing file with a page of its own; anything large is none of ours.
  if (Number(response.headers.get("content-length") ?? 0) > limits.file) throw new Error(`${file} is too large`);
  return new Uint8Array(await response.arrayBuffer());
}
