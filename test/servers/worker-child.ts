// A worker with simulated training, to be killed at any moment: `worker-child.js '{"queue":…,"store":…,"ends":…}'`.
import { openStore } from "../../src/runs/open-store.ts";
import { openQueue } from "../../src/workers/queue/open-queue.ts";
import { queueWorker } from "../../src/workers/queue/queue-worker.ts";
import { fakeTrainer } from "../workers/fake-training.ts";

const { queue, store, ends, stepMs, lockMs } = JSON.parse(process.argv[2] ?? "{}") as {
  readonly queue: string;
  readonly store: string;
  readonly ends: string;
  readonly stepMs: number;
  readonly lockMs: number;
};
const say = (line: string) => process.stdout.write(`${line}\n`);
const opened = await openQueue(queue, { onNote: say, retryMs: 200 });
const runs = await openStore(store, { onWarning: say });
say("ready");
await queueWorker(runs, opened, {
  ...{ workers: 1, start: fakeTrainer(stepMs, ends), lockMs, sayEveryMs: 100, deathsAllowed: 1000 },
  onNote: say,
  onRun: ({ id, outcome }) => say(`run ${id} ${outcome.kind}`),
});
