import { AxeBuilder } from "@axe-core/playwright";
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { root } from "../tree.ts";
import { App } from "./browser.ts";

const program = join(root, "dist/src/cli/main.js");
let app: App;
let folder: string;
let server: ChildProcess;
let served: string;

/** `groklab run quick`, then `groklab open`. */
beforeAll(async () => {
  app = await App.open();
  folder = mkdtempSync(join(tmpdir(), "groklab-open-"));
  await groklab("run", "quick", "--steps", "400");
  server = spawn(process.execPath, [program, "open", "--port", "0", "--no-browser"], { cwd: folder });
  served = await new Promise<string>((resolve, reject) => {
    let said = "";
    server.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(said)?.[0];
      if (address !== undefined) resolve(address);
    });
    server.once("exit", () => reject(new Error(`groklab open ended: ${said}`)));
  });
});
afterEach(() => app.expectNoComplaints());
afterAll(async () => {
  await app.close();
  server.kill("SIGINT");
  rmSync(folder, { recursive: true, force: true });
});

const groklab = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [program, ...args], { cwd: folder });

describe("groklab open", () => {
  it("shows the folder's runs, those that are trained meanwhile, and opens one in the lab", async () => {
    const page = await app.page();
    await page.goto(`${served}#/runs`);
    await page.getByRole("row", { name: /sparse-parity/ }).waitFor();
    await groklab("run", "quick", "--steps", "300", "--seed", "5");
    const newest = page.getByRole("row", { name: /Choose sparse-parity-bit-mlp-[0-9a-f]+-s5/ });
    await newest.waitFor({ timeout: 20_000 });
    await newest.getByRole("link").first().click();
    await page.waitForURL(/#\/lab\?/);
    await page.getByText("finished").waitFor();
    const shown = JSON.parse((await groklab("show", "last", "--json")).stdout.trim().split("\n").at(-1) ?? "{}") as { weightsHash: string }; // prettier-ignore
    expect(await page.textContent(".hash code")).toBe(shown.weightsHash);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await page.context().close();
  });

  it("shows every view under its own headers without a complaint", async () => {
    const page = await app.page();
    for (const view of ["story", "lab", "sweeps", "runs", "structure"]) {
      await page.goto(`${served}#/${view}`);
      await page.locator("main h1").first().waitFor();
      await page.waitForTimeout(300);
    }
    await page.context().close();
  });

  it("shows the progress of a run that another terminal trains, and that it was stopped there", async () => {
    const page = await app.page();
    await page.goto(`${served}#/runs`);
    const long = ["--set", "steps=400000", "--set", "evalEvery=200", "--seed", "7"];
    const training = spawn(process.execPath, [program, "run", "quick", ...long], { cwd: folder });
    const row = page.getByRole("row", { name: /Choose sparse-parity-bit-mlp-[0-9a-f]+-s7/ });
    await row.waitFor({ timeout: 30_000 });
    const step = async () => Number(await row.getByRole("progressbar").getAttribute("value"));
    await expect.poll(step, { timeout: 30_000 }).toBeGreaterThan(0);
    const before = await step();
    await expect.poll(step, { timeout: 30_000 }).toBeGreaterThan(before);
    await row.getByText("running").waitFor();
    await row.getByRole("checkbox").check();
    // What is trained cannot be deleted; its curves are drawn as they come.
    await page.getByText("1 being trained cannot be deleted").waitFor();
    expect(await page.getByRole("button", { name: /^Delete/ }).isDisabled()).toBe(true);
    const curves = page.getByRole("img", { name: /^Curves of the chosen runs/ });
    await curves.waitFor();
    await page.getByLabel("logarithmic steps").check();
    expect(await curves.locator("[data-x-scale=log]").count()).toBeGreaterThan(0);
    training.kill("SIGINT");
    await row.getByText("stopped").waitFor({ timeout: 30_000 });
    expect(await row.getByRole("progressbar").count()).toBe(0);
    await page.context().close();
  });

  it("measures a transformer of the store in the page: its trees, its attention, its depth among others", async () => {
    const small = ["--set", "trainSize=300", "--set", "validationSize=60", "--set", "generalizationSize=60"];
    const tiny = ["--set", "dModel=16", "--set", "nHeads=2", "--set", "evalEvery=10", "--set", "checkpointEvery=10"];
    const run = (...more: readonly string[]) =>
      groklab("run", "question-formation-small", ...small, ...tiny, "--steps", "20", ...more);
    await run("--set", "nLayers=2");
    const page = await app.page();
    await page.goto(`${served}#/structure`);
    // The shipped seeds have another setting: these are no seeds of theirs.
    const setting = page.getByLabel("Setting");
    await setting.waitFor();
    const other = (await setting.locator("option").allTextContents()).find((name) => name.includes("dModel 16"));
    await setting.selectOption(other ?? "");
    await page.getByText("Trees and attention were measured here, at 3 checkpoints.").waitFor({ timeout: 60_000 });
    await page
      .getByRole("img", { name: /brackets in common/ })
      .first()
      .waitFor();
    await page
      .getByRole("img", { name: /Attention of 2 layers with 2 heads/ })
      .first()
      .waitFor();
    await page
      .getByRole("img", { name: /tree score of the projection.*sparsity of attention/ })
      .first()
      .waitFor();
    // A run that is trained meanwhile joins them, and makes the depths comparable.
    await run("--set", "nLayers=1");
    await page
      .getByRole("img", { name: /1 layers 0 of 1 at the end.*2 layers/ })
      .first()
      .waitFor({ timeout: 30_000 });
    const csv = { name: "published.csv", mimeType: "text/csv", buffer: Buffer.from("iteration,a\n0,10\n20,90\n") };
    await page.getByLabel(/Curves from elsewhere/).setInputFiles(csv);
    await page.getByText("1 curves of published.csv are drawn behind.").waitFor();
    await page.getByLabel(/Curves from elsewhere/).setInputFiles({ ...csv, buffer: Buffer.from("<script>") });
    await page.getByRole("alert").getByText("published.csv: give a header").waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(" ") ?? ""}`)).toEqual([]);
    await page.context().close();
  });

  it("deletes after a while in which it can be undone, and compares", async () => {
    const page = await app.page();
    await page.goto(`${served}#/runs`);
    const first = page.getByRole("checkbox", { name: /Choose sparse-parity/ }).first();
    await first.check();
    await page.getByRole("heading", { name: "Compare 1 run" }).waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(" ") ?? ""}`)).toEqual([]);
    const count = async () => (await groklab("list", "runs", "--json")).stdout.trim().split("\n").length;
    const before = await count();
    await page.getByRole("button", { name: /^Delete/ }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    expect(await page.getByRole("checkbox", { name: /^Choose / }).count()).toBe(before);
    await page
      .getByRole("checkbox", { name: /Choose sparse-parity/ })
      .first()
      .check();
    await page.getByRole("button", { name: /^Delete/ }).click();
    expect(await count()).toBe(before);
    // Leaving the view does what was asked for.
    await page.getByRole("link", { name: "Structure" }).click();
    await expect.poll(count).toBe(before - 1);
    await page.context().close();
  });
});

describe("ten thousand runs", () => {
  it("scroll with few rows in the page, and are sorted, found and put together", async () => {
    const page = await app.page();
    await page.goto(`${app.url}#/runs`);
    await page.getByText("No run is stored here yet").waitFor();
    await page.evaluate(async () => {
      const opening = indexedDB.open("groklab");
      await new Promise((resolve) => (opening.onsuccess = resolve));
      const transaction = opening.result.transaction("runs", "readwrite");
      for (let seed = 0; seed < 10_000; seed++) {
        const id = `modular-addition-factored-${seed % 40}-s${seed}`;
        const plan = { task: { name: "modular-addition" }, split: {}, model: { name: "factored" }, optimizer: { name: "adamw" }, training: { steps: 1000 }, seed }; // prettier-ignore
        const at = new Date(1e12 + seed * 1000).toISOString();
        const record = {
          id,
          plan,
          status: "finished",
          step: 1000,
          createdAt: at,
          updatedAt: at,
          seconds: 1,
          software: "test",
        };
        transaction.objectStore("runs").put({ id, record }, id);
      }
      await new Promise((resolve) => (transaction.oncomplete = resolve));
      opening.result.close();
    });
    await page.reload();
    await page.getByText("10,000 of 10,000 runs").waitFor();
    expect(await page.getByRole("row").count()).toBeLessThan(60);
    await page.getByRole("button", { name: /^Seed/ }).click();
    await page.getByRole("checkbox", { name: "Choose modular-addition-factored-0-s0", exact: true }).waitFor();
    await page.getByRole("table", { name: "Runs" }).evaluate((table) => (table.scrollTop = table.scrollHeight));
    await page.getByRole("checkbox", { name: "Choose modular-addition-factored-39-s9999", exact: true }).waitFor();
    await page.getByLabel("Find").fill("-s1234");
    await page.getByText("1 of 10,000 runs").waitFor();
    await page.getByLabel("Find").fill("");
    await page.getByLabel("seeds of one plan together").check();
    const seeds = page.getByText(/^250 seeds: /).first();
    await seeds.waitFor();
    // On a phone what the seeds did stands below a long name, and is not cut off by it.
    await page.setViewportSize({ width: 390, height: 844 });
    const [left, right] = await seeds.evaluate((text) => [text.getBoundingClientRect().left, text.clientWidth]);
    expect([left < 120, right > 100]).toEqual([true, true]);
    await page.context().close();
  });
});
