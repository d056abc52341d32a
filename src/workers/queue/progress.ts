/** What a worker keeps with a job that it has, and tells whoever watches. */
export interface JobProgress {
  /** Host and process. */
  readonly worker: string;
  /** The run that is trained now; null between runs, and once the job has been given back. */
  readonly running: { readonly id: string; readonly step: number } | null;
  /** Runs that were being trained when their worker died: how often in a row, and at which stored step. */
  readonly deaths: Readonly<Record<string, Death>>;
}
export interface Death {
  readonly times: number;
  readonly step: number;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads what a queue holds, whoever wrote it. */
export function readProgress(value: unknown): JobProgress {
  const { worker, running, deaths } = isRecord(value) ? value : {};
  const isRunning = isRecord(running) && typeof running["id"] === "string";
  const entries = Object.entries(isRecord(deaths) ? deaths : {}).flatMap(([id, death]) => {
    const { times, step } = isRecord(death) ? death : {};
    return Number.isSafeInteger(times) && Number.isFinite(step) ? [[id, { times, step } as Death] as const] : [];
  });
  return {
    worker: typeof worker === "string" ? worker : "",
    running: isRunning ? { id: running["id"] as string, step: Number(running["step"]) || 0 } : null,
    deaths: Object.fromEntries(entries),
  };
}

/**
 * The deaths of a job's runs, when a worker takes it up that another one has left: the run that was being trained died
 * once more, unless it had got further than the last time.
 * @param stepOf what is stored of a run
 */
export function afterDeath({ running, deaths }: JobProgress, stepOf: (id: string) => number): JobProgress["deaths"] {
  if (!running) return deaths;
  const step = stepOf(running.id);
  const before = deaths[running.id];
  const times = before && before.step >= step ? before.times + 1 : 1;
  return { ...deaths, [running.id]: { times, step } };
}
