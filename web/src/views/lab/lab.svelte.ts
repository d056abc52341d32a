import { experiments } from "../../../../experiments/index.ts";
import type { Eval } from "../../../../src/train/eval.ts";
import type { Plan } from "../../../../src/train/experiment.ts";
import { plan } from "../../../../src/train/plan.ts";
import { localStore } from "../../stores/local.ts";
import { FigureGroup } from "../../parts/figure-group.svelte.ts";
import { changes, checkFork, fromParams, mayChange, toParams } from "../../training/address.ts";
import { finalPlan, forkAt, lineageId, unforked, type Lineage } from "../../training/lineage.ts";
import { TrainingSession } from "../../training/session.svelte.ts";
import type { SectionName } from "../../../../src/train/plan.ts";
import type { PanelName } from "../../examining/messages.ts";
import { Draft, placed, type Checked } from "./draft.svelte.ts";
import { readView, writeView } from "./view-state.ts";

/** Runs that a link or a file lays over: more are no picture. */
export const mostOverlaid = 12;

/** A run that is only shown, from the store. */
export interface ShownRun {
  readonly id: string;
  readonly name: string;
  readonly evals: readonly Eval[];
}

/** What the lab holds. There is one for the page: training goes on while the reader looks at other views. */
export class Lab {
  readonly draft = new Draft(plan(experiments[0].experiment));
  readonly group = new FigureGroup();
  /** Every run trained since the page was opened, the newest last. */
  sessions = $state.raw<readonly TrainingSession[]>([]);
  /** Runs laid over, from the store. */
  shown = $state.raw<readonly ShownRun[]>([]);
  session = $state.raw<TrainingSession | undefined>();
  /** What the address asked for and did not get. */
  problem = $state<string | undefined>();
  /** The step shown follows training. */
  follow = $state(true);
  /** Which look into the network is shown. */
  panel = $state<PanelName>("predictions");
  /** Curves over logarithmic steps. */
  logSteps = $state(false);
  /** Neurons set to zero in this look. */
  ablated = $state.raw<readonly number[]>([]);
  /** The step that a link asks to be shown, as soon as it is trained. */
  #wanted: number | undefined;
  #refused = $state.raw<{ readonly of: Plan; readonly result: Checked } | undefined>();

  /** The draft's errors, with what training itself refused. */
  readonly checked = $derived.by((): Checked => {
    const found = this.draft.checked;
    return found.plan && this.#refused && sameText(this.#refused.of, found.plan) ? this.#refused.result : found;
  });

  /** How the draft differs from the run at hand: nothing, options that can change on the way, or another network. */
  readonly difference = $derived.by((): "same" | "fork" | "other" => {
    const next = this.draft.checked.plan;
    if (!this.session || !next) return "other";
    const changed = changes(this.session.plan, next);
    const sameNetwork = ["task", "model", "optimizer"].every((kind) => this.session?.plan[kind as "task"].name === next[kind as "task"].name); // prettier-ignore
    if (!sameNetwork || next.seed !== this.session.plan.seed) return "other";
    if (changed.length === 0) return "same";
    const allowed = changed.every(([key]) => {
      const [section, name] = key.split(".");
      return mayChange(section as SectionName, name);
    });
    return allowed ? "fork" : "other";
  });

  /** The link of what the form and the run show. */
  get params(): URLSearchParams | undefined {
    const { plan: next } = this.draft.checked;
    if (!next) return undefined;
    try {
      const lineage = this.session && this.difference === "same" ? this.session.lineage : unforked(next);
      const params = toParams(lineage);
      if (this.shown.length > 0) params.set("over", this.shown.map(({ id }) => id).join(","));
      const { panel, logSteps, ablated } = this;
      const at = this.follow ? this.#wanted : this.group.step;
      writeView(params, { panel, logSteps, ablated, at });
      return params;
    } catch {
      return undefined; // a user's own data, which no link can hold
    }
  }

  /** Shows what an address asks for. A run that is stored here is shown as it stands; one from a link waits for its start. */
  async open(params: URLSearchParams): Promise<void> {
    this.problem = undefined;
    if (params.get("run") !== null) return this.#openStored(params.get("run") ?? "");
    if ([...params].length === 0) return;
    let lineage: Lineage;
    try {
      lineage = fromParams(params);
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      return;
    }
    const { panel, logSteps, ablated, at } = readView(params);
    [this.panel, this.logSteps, this.ablated] = [panel, logSteps, ablated];
    this.draft.load(finalPlan(lineage));
    const over = (params.get("over") ?? "").split(",").filter((id) => id !== "");
    if (over.length > 0) void this.overlay(over.slice(0, mostOverlaid));
    const id = lineageId(lineage);
    const known = this.sessions.find((session) => session.id === id);
    if (this.session?.id !== id && known) this.select(known);
    else if (this.session?.id !== id) await this.#take(lineage);
    this.#wanted = at;
    this.trained();
  }

  /** There are further steps to be shown: the one that the link asked for among them, perhaps. */
  trained(): void {
    const steps = this.session?.evals ?? [];
    this.group.stops = steps.map(({ step }) => step);
    const last = steps.at(-1)?.step ?? 0;
    // Whoever follows and then scrubs begins at the end.
    if (this.follow) this.group.show(last);
    if (this.#wanted === undefined || last < this.#wanted) return;
    this.follow = false;
    this.group.show(this.#wanted);
    this.#wanted = undefined;
  }

  /** A lineage from a link: if it is stored here it is shown, and goes on where a reload broke it off. */
  async #take(lineage: Lineage): Promise<void> {
    const record = await localStore()
      .then((store) => store.find(lineageId(lineage)))
      .catch(() => undefined);
    const session = new TrainingSession(lineage, { store: true });
    this.#add(session);
    const brokenOff = record?.status === "running" && record.heldBy === undefined;
    if (record) session.start(!brokenOff);
  }

  async #openStored(id: string): Promise<void> {
    try {
      const store = await localStore();
      const record = await store.find(id);
      if (!record) throw new Error(`run ${id.slice(0, 80)} is not stored in this browser`);
      const note = (await store.noteOf(id)) as { readonly lineage?: Lineage } | undefined;
      const lineage = note?.lineage ?? unforked(record.plan);
      this.draft.load(finalPlan(lineage));
      const known = this.sessions.find((session) => session.id === id);
      if (known) this.select(known);
      else await this.#take(lineage);
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  /** Starts the draft from step 0; or goes on with the run at hand where they are the same. */
  start(paused = false): void {
    const { plan: next } = this.draft.checked;
    if (!next) return;
    if (this.session && this.difference === "same" && !this.session.isOver && this.session.status !== "failed") {
      return this.session.start(paused);
    }
    const session = new TrainingSession(unforked(next), { store: true });
    void this.session?.close();
    this.#add(session);
    session.start(paused);
  }

  /** The same Plan from another seed. */
  nextSeed(): void {
    this.draft.seed = String((this.session?.plan.seed ?? 0) + 1);
    this.start();
  }

  /** Goes on from the present step with the draft's options; the run so far stays, laid under. */
  async fork(): Promise<void> {
    const { plan: next } = this.draft.checked;
    const before = this.session;
    if (!next || !before) return;
    checkFork(before.plan, next);
    before.pause();
    const checkpoint = await before.checkpoint();
    const evals = before.evals.filter(({ step }) => step <= checkpoint.step);
    await before.close();
    const from = { checkpoint, evals };
    const session = new TrainingSession(forkAt(before.lineage, checkpoint.step, next), { store: true, from });
    this.#add(session);
    session.start();
  }

  select(session: TrainingSession): void {
    this.session = session;
    this.draft.load(session.plan);
    this.#followNow();
  }

  async remove(session: TrainingSession): Promise<void> {
    await session.close();
    this.sessions = this.sessions.filter((other) => other !== session);
    if (this.session === session) this.session = this.sessions.at(-1);
  }

  /** Lays stored runs over the curves. */
  async overlay(ids: readonly string[]): Promise<void> {
    const store = await localStore().catch(() => undefined);
    if (!store) return;
    const found = await Promise.all(ids.map(async (id) => ({ id, name: id, evals: await store.evals(id) })));
    const known = new Set(this.shown.map(({ id }) => id));
    this.shown = [...this.shown, ...found.filter(({ id, evals }) => evals.length > 0 && !known.has(id))];
  }
  removeOverlay(id: string): void {
    this.shown = this.shown.filter((run) => run.id !== id);
  }

  /** Training refused its Plan: said beside the field it names. */
  refuse(session: TrainingSession): void {
    this.#refused = { of: session.plan, result: placed(new Error(session.error ?? "")) };
  }

  #add(session: TrainingSession): void {
    this.sessions = [...this.sessions.filter(({ id }) => id !== session.id), session];
    this.session = session;
    this.#followNow();
  }

  #followNow(): void {
    this.follow = true;
    this.#wanted = undefined;
  }
}

const sameText = (a: Plan, b: Plan): boolean => changes(a, b).length === 0 && a.seed === b.seed;

export const lab = new Lab();
