import type { AfterJob, NewJob, TakenJob, WorkQueue } from "../../src/workers/queue/work-queue.ts";

interface Kept extends NewJob {
  progress: unknown;
  state: "waiting" | "active" | "failed";
  takes: number;
}

/** A queue in memory, for tests of what is put there and taken. `lose` lets a job's worker be gone without a word. */
export function memoryQueue() {
  const jobs = new Map<string, Kept>();
  const listeners = new Set<(id: string, progress: unknown) => void>();
  const wakers = new Set<() => void>();
  const wake = () => [...wakers].forEach((look) => look());
  const afters: (AfterJob & { readonly id: string })[] = [];
  let takers = 0;
  const queue: WorkQueue = {
    where: "memory:",
    add: (some) => {
      for (const job of some) {
        if (!jobs.has(job.id)) jobs.set(job.id, { ...structuredClone(job), progress: 0, state: "waiting", takes: 0 });
      }
      wake();
      return Promise.resolve();
    },
    async *pending() {
      yield await Promise.resolve([...jobs.values()].filter(({ state }) => state !== "failed"));
    },
    clearFailed: () => {
      const failed = [...jobs.values()].filter(({ state }) => state === "failed");
      failed.forEach(({ id }) => jobs.delete(id));
      return Promise.resolve(failed.length);
    },
    workers: () => Promise.resolve(takers),
    listen: (listener) => {
      listeners.add(listener);
      return Promise.resolve(() => Promise.resolve(void listeners.delete(listener)));
    },
    take({ jobs: most }, handle) {
      takers++;
      let open = true;
      const atWork = new Set<Promise<void>>();
      const look = (): void => {
        for (const job of jobs.values()) {
          if (!open || atWork.size >= most) return;
          if (job.state !== "waiting") continue;
          const done = one(job).finally(() => {
            atWork.delete(done);
            setTimeout(look, 1);
          });
          atWork.add(done);
        }
      };
      const one = async (job: Kept): Promise<void> => {
        job.state = "active";
        const take = ++job.takes;
        const say: TakenJob["say"] = (progress) => {
          job.progress = structuredClone(progress);
          for (const listener of listeners) listener(job.id, progress);
          return Promise.resolve();
        };
        const after = await handle({ id: job.id, data: job.data, progress: job.progress, say });
        if (job.takes !== take) return; // another has it by now
        afters.push({ ...after, id: job.id });
        if (after.kind === "done") jobs.delete(job.id);
        else job.state = after.kind === "back" ? "waiting" : "failed";
      };
      wakers.add(look);
      setTimeout(look, 0);
      return {
        close: async () => {
          open = false;
          takers--;
          wakers.delete(look);
          await Promise.all(atWork);
        },
      };
    },
    close: () => Promise.resolve(),
  };
  return {
    queue,
    jobs,
    afters,
    /** The job goes to whoever takes it next, as if its worker had died. */
    lose: (id: string): void => {
      const job = jobs.get(id);
      if (job) Object.assign(job, { state: "waiting", takes: job.takes + 1 });
      wake();
    },
  };
}
