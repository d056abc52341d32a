import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { expect } from "vitest";
import { findChromium, flags, missing } from "../../scripts/lib/chromium.mjs";
import { serveFolder } from "../../scripts/lib/serve-folder.mjs";
import { plan } from "../../src/train/plan.ts";
import type { Experiment, Plan } from "../../src/train/experiment.ts";
import { weightsHash } from "../../src/tensor/formats/weights-hash.ts";
import { train } from "../../src/train/train.ts";
import { toParams } from "../../web/src/training/address.ts";
import type { Lineage } from "../../web/src/training/lineage.ts";
import { root } from "../tree.ts";

/** The built app, served as any static host does, below a path; and a browser to look at it. */
export class App {
  readonly problems: string[] = [];

  private constructor(
    readonly url: string,
    readonly browser: Browser,
    private readonly stop: () => void,
  ) {}

  static async open(): Promise<App> {
    const folder = join(root, "dist/web");
    if (!existsSync(join(folder, "index.html"))) throw new Error("the web app is not built: npm run build");
    const executablePath = findChromium();
    if (executablePath === undefined) throw new Error(missing);
    const server = await serveFolder(folder, "/some/place/");
    const browser = await chromium.launch({ executablePath, args: flags });
    return new App(server.url, browser, server.close);
  }

  /** A page of a profile of its own. Whatever it complains of fails the test that asks at its end. */
  async page(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    this.listen(page);
    return page;
  }

  listen(page: Page): void {
    page.on("pageerror", (error) => this.problems.push(`${page.url()}: ${error.message}`));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.problems.push(`${page.url()}: ${message.text()}`);
    });
  }

  expectNoComplaints(): void {
    expect(this.problems.splice(0)).toEqual([]);
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.stop();
  }
}

/** About a second of training, with a checkpoint on the way. */
export const short: Experiment = {
  task: { name: "modular-addition", p: 31 },
  model: { name: "factored", dModel: 64, dMlp: 32 },
  optimizer: { name: "adamw", learningRate: 3e-3, weightDecay: 1 },
  training: { steps: 4000, evalEvery: 50, checkpointEvery: 500 },
  seed: 3,
};

export const linkTo = (lineage: Lineage | Plan): string =>
  `#/lab?${toParams("forks" in lineage ? lineage : { plan: lineage, forks: [] }).toString()}`;

/** What the command line's loop ends in. */
export function hashInNode(made: Plan, from?: Parameters<typeof train>[1]["from"]): string {
  const run = train(made, from ? { from } : {});
  for (;;) {
    const { value, done } = run.next();
    if (done) return weightsHash(value.checkpoint.params);
  }
}

/** The bits of a lineage with one change on the way. */
export function forkedHashInNode(before: Plan, at: number, after: Plan): string {
  let asked = 0;
  const run = train(before, { interrupt: () => asked++ === at });
  for (;;) {
    const { value, done } = run.next();
    if (done) return hashInNode(after, value.checkpoint);
  }
}

export const quickPlan = async (): Promise<Plan> => plan((await import("../../experiments/quick.ts")).quick.experiment);

/** Trains what the lab shows, to its end; the hash it shows. */
export async function trainToEnd(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Train", exact: true }).click();
  return endOf(page);
}

export async function endOf(page: Page): Promise<string> {
  await page.waitForSelector(".hash code", { timeout: 120_000 });
  return (await page.textContent(".hash code")) ?? "";
}
