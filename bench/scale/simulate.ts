/** What a server was measured to do. */
export interface Measured {
  /** Seconds that the queue's server is busy with one job: put there, taken, noted as done. */
  readonly queueSeconds: number;
  /** Seconds that the store's server is busy with one run. */
  readonly storeSeconds: number;
}

export interface Simulated {
  /** Seconds until the last run is over. */
  readonly seconds: number;
  /** Share of the workers' time that is training. */
  readonly training: number;
  /** Shares of the time that the servers are busy. */
  readonly queue: number;
  readonly store: number;
}

/**
 * Threads that take jobs and train, and two servers that do one thing at a time. No training: a run takes as long as it
 * says.
 * @param jobs lengths of the runs of each job, in seconds
 */
export function simulate(jobs: readonly (readonly number[])[], threads: number, measured: Measured): Simulated {
  const { queueSeconds, storeSeconds } = measured;
  const [queue, store] = [server(queueSeconds), server(storeSeconds)];
  // Each thread with the time at which it next does something, the earliest first: so the servers are asked in order.
  const heap = Array.from({ length: Math.min(threads, jobs.length) }, () => ({
    at: 0,
    job: -1,
    run: 0,
    trained: false,
  }));
  let next = 0;
  let trained = 0;
  let end = 0;
  while (heap.length > 0) {
    const [thread] = heap;
    if (thread.trained) {
      thread.at = store.serve(thread.at);
      thread.trained = false;
      end = Math.max(end, thread.at);
      if (thread.run === jobs[thread.job].length) thread.job = -1;
    } else if (thread.job === -1) {
      if (next === jobs.length) {
        const last = heap.pop()!;
        if (heap.length > 0) heap[0] = last;
      } else {
        Object.assign(thread, { job: next++, run: 0, at: queue.serve(thread.at) });
      }
    } else {
      const length = jobs[thread.job][thread.run++];
      trained += length;
      thread.at += length;
      thread.trained = true;
    }
    sink(heap);
  }
  return { seconds: end, training: trained / (threads * end), queue: queue.busy() / end, store: store.busy() / end };
}

/** Serves one after the other, in the order in which it is asked. */
function server(seconds: number) {
  let free = 0;
  let busy = 0;
  return {
    serve: (at: number): number => {
      free = Math.max(free, at) + seconds;
      busy += seconds;
      return free;
    },
    busy: () => busy,
  };
}

function sink(heap: { readonly at: number }[]): void {
  for (let at = 0; ;) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < heap.length && heap[child].at < heap[least].at) least = child;
    }
    if (least === at) return;
    [heap[at], heap[least]] = [heap[least], heap[at]];
    at = least;
  }
}
