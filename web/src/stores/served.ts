import type { SweepRecord } from "../../../src/runs/store.ts";
import type { RunRecord } from "../../../src/runs/store.ts";
import { evalFromJson } from "../../../src/runs/series.ts";
import { decodeSafetensors } from "../../../src/tensor/formats/safetensors.ts";
import type { NamedArrays } from "../../../src/tensor/index.ts";
import type { Checkpoint } from "../../../src/train/checkpoint.ts";
import type { Eval } from "../../../src/train/eval.ts";
import type { RunSource } from "./run-source.ts";

/** What the page was told where `groklab open` serves it; undefined from any other host. */
function token(): string | undefined {
  return document.querySelector<HTMLMetaElement>('meta[name="groklab-api"]')?.content;
}

/** @throws Error in the server's own words */
async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const answer = await fetch(`./api/${path}`, init).catch(() => {
    throw new Error("groklab open does not answer any more; start it again and reload this page");
  });
  if (answer.ok) return answer;
  const said = (await answer.json().catch(() => ({}))) as { readonly error?: string };
  throw new Error(said.error ?? `the server answered ${answer.status}`);
}

const runPath = (id: string): string => `runs/${encodeURIComponent(id)}`;

/** Sweeps of the attached store; none where the page is not served by groklab. */
export async function servedSweeps(): Promise<readonly SweepRecord[]> {
  if (token() === undefined) return [];
  return (await (await ask("sweeps")).json()) as readonly SweepRecord[];
}

/** The store that `groklab open` attached, if it serves this page. */
export function servedSource(): RunSource | undefined {
  const secret = token();
  if (secret === undefined) return undefined;
  const evals = async (id: string): Promise<readonly Eval[]> => {
    const rows = (await (await ask(`${runPath(id)}/evals`)).json()) as readonly unknown[];
    return rows.map((row) => evalFromJson(JSON.stringify(row)));
  };
  return {
    kind: "served",
    name: "Attached store",
    list: async () => (await (await ask("runs")).json()) as readonly RunRecord[],
    evals,
    checkpoints: stepsOf,
    weights: async (id, step) => (await checkpointOf(id, step)).params,
    async whole(id) {
      const record = (await (await ask(runPath(id))).json()) as RunRecord;
      const steps = await stepsOf(id);
      const last = steps.at(-1);
      const checkpoints = last === undefined ? [] : [await checkpointOf(id, last)];
      return { record, evals: await evals(id), checkpoints };
    },
    async remove(id) {
      // A page that is being closed still finishes it.
      await ask(runPath(id), { method: "DELETE", headers: { "x-groklab-token": secret }, keepalive: true });
    },
    watch(changed) {
      const events = new EventSource("./api/updates");
      events.addEventListener("runs", (event: MessageEvent<string>) =>
        changed(JSON.parse(event.data) as readonly RunRecord[]),
      );
      return () => events.close();
    },
  };
}

const stepsOf = async (id: string): Promise<readonly number[]> =>
  (await (await ask(`${runPath(id)}/checkpoints`)).json()) as readonly number[];

async function checkpointOf(id: string, step: number): Promise<Checkpoint> {
  const bytes = await (await ask(`${runPath(id)}/checkpoints/${step}`)).arrayBuffer();
  const { arrays } = decodeSafetensors(new Uint8Array(bytes));
  const part = (prefix: string): NamedArrays =>
    Object.fromEntries(
      Object.entries(arrays).flatMap(([name, array]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), array] as const] : [],
      ),
    );
  return { step, params: part("params/"), state: part("state/") };
}
