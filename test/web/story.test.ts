import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Locator, Page } from "playwright-core";
import { chapters } from "../../web/src/views/story/chapters.ts";
import { App } from "./browser.ts";
import { openAt, overflow, violations } from "./open-page.ts";

let app: App;
beforeAll(async () => {
  app = await App.open();
});
afterEach(() => app.expectNoComplaints());
afterAll(() => app.close());

const chapter = async (page: Page, id: string): Promise<Locator> => {
  const section = page.locator(`#story-${id}`);
  await section.scrollIntoViewIfNeeded();
  await section.getByRole("slider").or(section.locator("input[type=range]")).first().waitFor();
  return section;
};
const slider = (section: Locator, name: RegExp): Locator => section.getByRole("slider", { name });
const stepOf = async (figure: Locator): Promise<number> => Number(await figure.getAttribute("aria-valuenow"));

describe("the story", () => {
  it("moves a group of figures by keyboard and pointer, in step, with its summary", async () => {
    const page = await openAt(app, "#/story");
    const opening = await chapter(page, "grok");
    const accuracy = slider(opening, /^Accuracy of one run/);
    const loss = slider(opening, /^Loss of the same run/);
    expect(await stepOf(accuracy)).toBe(47_500);
    await accuracy.focus();
    await page.keyboard.press("Home");
    expect([await stepOf(accuracy), await stepOf(loss)]).toEqual([0, 0]);
    await page.keyboard.press("ArrowRight");
    expect(await stepOf(loss)).toBe(500);
    expect(await accuracy.getAttribute("aria-valuetext")).toMatch(/^step 500\. .*test accuracy/);

    const waves = await chapter(page, "waves");
    await waves.locator("[data-step]").first().waitFor({ state: "attached" });
    const above = slider(waves, /^Accuracy of the main run/);
    expect(await stepOf(above)).toBe(500);
    // A figure that is drawn anew is a new element: ask for its place until one holds still.
    const drawn = above.locator("svg").first();
    let found: Awaited<ReturnType<typeof drawn.boundingBox>> = null;
    await expect.poll(async () => (found = await drawn.boundingBox())).not.toBeNull();
    const box = found as unknown as { x: number; y: number; width: number; height: number };
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const middle = await stepOf(above);
    expect(middle).toBeGreaterThan(20_000);
    expect(middle).toBeLessThan(30_000);
    await expect
      .poll(() => waves.getByText(new RegExp(`input weights, step ${middle.toLocaleString("en")}`)).count())
      .toBe(2);
    await page.context().close();
  });

  it("moves by a finger that slides along a curve, and leaves the page where it was", async () => {
    const page = await openAt(app, "#/story?at=grok", { hasTouch: true, viewport: { width: 390, height: 844 } });
    const opening = await chapter(page, "grok");
    const loss = slider(opening, /^Loss of the same run/);
    await loss.scrollIntoViewIfNeeded();
    const box = (await loss.boundingBox())!;
    const client = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", share: number) =>
      client.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: type === "touchEnd" ? [] : [{ x: box.x + share * box.width, y: box.y + box.height / 2 }],
      });
    const scrolled = await page.evaluate(() => scrollY);
    await touch("touchStart", 0.3);
    await expect.poll(() => stepOf(loss)).toBeLessThan(20_000);
    for (const share of [0.4, 0.5, 0.6, 0.7]) await touch("touchMove", share);
    await touch("touchEnd", 0.7);
    await expect.poll(() => stepOf(loss)).toBeGreaterThan(25_000);
    expect(await stepOf(slider(opening, /^Accuracy of one run/))).toBe(await stepOf(loss));
    expect(await page.evaluate(() => scrollY)).toBe(scrolled);
    expect(await loss.getAttribute("aria-valuetext")).toMatch(/At step [\d]+: train accuracy 100.0 %, test accuracy/);
    await page.context().close();
  });

  it("lights a neuron in every figure of its group, by pointer and by keyboard", async () => {
    const page = await openAt(app, "#/story?at=waves");
    const waves = await chapter(page, "waves");
    const maps = waves.getByRole("img", { name: /^Weights of the main run/ });
    await maps.focus();
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => waves.locator(".has-lit").count()).toBe(2);
    const lit = await waves.locator(".lit").first().getAttribute("data-neuron");
    expect(await waves.locator(`.lit:not([data-neuron="${lit}"])`).count()).toBe(0);
    await page.keyboard.press("Escape");
    await expect.poll(() => waves.locator(".lit").count()).toBe(0);
    await page.context().close();
  });

  it("plays a stretch of training, or jumps to its end where motion is reduced", async () => {
    const page = await openAt(app, "#/story?at=five", { reducedMotion: "reduce" });
    const five = await chapter(page, "five");
    await five.getByRole("button", { name: "converge" }).click();
    expect(await stepOf(slider(five, /^Accuracy of five/))).toBe(13_950);
    await page.context().close();

    const moving = await openAt(app, "#/story?at=digits", { reducedMotion: "no-preference" });
    const digits = await chapter(moving, "digits");
    const accuracy = slider(digits, /^Accuracy on ones/);
    await digits.getByRole("button", { name: "memorizing" }).click();
    await expect.poll(() => stepOf(accuracy), { timeout: 20_000 }).toBe(1200);
    await moving.context().close();
  });

  it("plays from where the reader stands, where that is earlier", async () => {
    const page = await openAt(app, "#/story?at=waves", { reducedMotion: "no-preference" });
    const waves = await chapter(page, "waves");
    const above = slider(waves, /^Accuracy of the main run/);
    await above.focus();
    await page.keyboard.press("Home");
    await above.evaluate((element) => {
      const seen: number[] = [];
      new MutationObserver(() => seen.push(Number(element.getAttribute("aria-valuenow")))).observe(element, {
        attributeFilter: ["aria-valuenow"],
      });
      Object.assign(window, { seen });
    });
    await waves.getByRole("button", { name: "switches" }).click();
    await expect.poll(() => stepOf(above), { timeout: 20_000 }).toBe(49_500);
    const seen = await page.evaluate(() => (window as unknown as { readonly seen: readonly number[] }).seen);
    expect(Math.min(...seen)).toBeLessThan(30_000);
    await page.context().close();
  });

  it("trains a run in the page to the bits of its recording, and then without its penalty sees it fail", async () => {
    const page = await openAt(app, "#/story?at=digits");
    const digits = await chapter(page, "digits");
    await digits.getByRole("button", { name: "Train it here" }).click();
    await digits.getByText("to the last bit").first().waitFor({ timeout: 120_000 });
    expect(await stepOf(slider(digits, /^Accuracy on ones/))).toBe(4000);
    await digits.getByRole("button", { name: "Set it to 0" }).click();
    await digits.getByRole("button", { name: "Train again" }).click();
    await digits
      .getByText(/knows its examples, and never found the rule|undecided/)
      .first()
      .waitFor({ timeout: 120_000 });
    const text = await slider(digits, /^Accuracy on ones/).getAttribute("aria-valuetext");
    const test = Number(/test accuracy[^\d]*([\d.]+)/.exec(text ?? "")?.[1]);
    expect(test).toBeLessThan(90);
    await digits.getByRole("button", { name: "Back to the recording" }).click();
    expect(await stepOf(slider(digits, /^Accuracy on ones/))).toBe(3680);
    await page.context().close();
  });

  it("answers a sum of the reader's, and puts another seed into the figures", async () => {
    const page = await openAt(app, "#/story?at=stars");
    const stars = await chapter(page, "stars");
    await stars.locator("input[type=range]").first().fill("60");
    await stars.getByText("The right answer to 60 + 19 is 12.").waitFor();
    const seeds = page.locator("#story-seeds");
    await seeds.scrollIntoViewIfNeeded();
    await seeds.locator("select").selectOption("4");
    await seeds.getByRole("button", { name: "Show it in the figures above" }).click();
    await stars.getByText("You are looking at seed 4.").waitFor();
    await stars.getByRole("button", { name: "Back to the main run" }).click();
    await stars.getByText("You are looking at seed").waitFor({ state: "detached" });
    await page.context().close();
  });

  it("opens a note by pointer, keyboard and finger, with its picture, and lists all at the end", async () => {
    const page = await openAt(app, "#/story?at=five", { hasTouch: true });
    const five = await chapter(page, "five");
    const mark = five.getByRole("button", { name: "Note 5" });
    const box = five.getByRole("note");
    await mark.hover();
    await box.getByRole("img", { name: /67 numbers in the plane/ }).waitFor();
    await page.mouse.move(0, 0);
    await box.waitFor({ state: "detached" });
    await mark.focus();
    await box.waitFor();
    await page.keyboard.press("Escape");
    await box.waitFor({ state: "detached" });
    await five.getByRole("button", { name: /^Source 9/ }).tap();
    await box.getByRole("link", { name: "Grokking modular arithmetic" }).waitFor();
    expect(await violations(page)).toEqual([]);
    await five.getByRole("heading").tap();
    await box.waitFor({ state: "detached" });
    expect(await page.locator("section[aria-labelledby=story-notes] li").count()).toBe(7);
    // What is said on a figure is said to those who cannot see it, too.
    expect(await five.getByText("there is no room to learn by heart").count()).toBe(2);
    await page.context().close();
  });

  it("offers to train the run of every group of figures, those of sweeps and of language, too", async () => {
    const page = await openAt(app, "#/story");
    for (const { id } of chapters) {
      const section = page.locator(`#story-${id}`);
      await section.scrollIntoViewIfNeeded();
      if (id === "unknown" || id === "construction") continue; // no run: questions, and a machine made by hand
      await section.getByRole("button", { name: "Train it here" }).first().waitFor();
      const groups = await section.locator("[role=group]:has(> .lead)").all();
      expect(groups.length, id).toBeGreaterThan(0);
      for (const group of groups) expect(await group.getByRole("button", { name: "Train it here" }).count()).toBe(1);
    }
    // A transformer takes minutes: that its training goes on must do here.
    const language = page.locator("#story-language");
    await language.getByRole("button", { name: "Train it here" }).click();
    await language.getByText(/Training in your browser: step [1-9]/).waitFor({ timeout: 120_000 });
    await language.getByRole("button", { name: "Back to the recording" }).click();
    expect(await stepOf(slider(language, /^Accuracy of one transformer/))).toBe(20_000);
    await page.context().close();
  });

  it("trains the network of the map that the reader points at, to the bits of the sweep", async () => {
    const page = await openAt(app, "#/story?at=map");
    const map = page.locator("#story-map");
    await map.locator('[data-cell*="dMlp 16"][data-cell*="trainSize 750"][data-cell*="weightDecay 1"]').last().hover();
    const seed = map.getByLabel("One network of this cell, to train: seed");
    expect(await seed.inputValue()).toBe("0");
    await seed.selectOption("3");
    const loss = slider(map, /^Loss of the same network/);
    expect(await stepOf(loss)).toBe(20_000);
    await map.getByRole("button", { name: "Train it here" }).click();
    await map.getByText("to the last bit").first().waitFor({ timeout: 240_000 });
    expect(await stepOf(loss)).toBe(20_000);
    await page.context().close();
  });

  it("writes the formula of the network whose bar is pointed at, and shows its runs", async () => {
    const page = await openAt(app, "#/story?at=constraints");
    const constraints = page.locator("#story-constraints");
    const formula = () => constraints.locator(".display annotation").first().textContent();
    await constraints.locator('[data-cell="network E → U"]').hover();
    await expect.poll(formula).toContain("U");
    expect(await formula()).not.toMatch(/H|O|top/);
    await constraints.getByText("The runs of E → U").waitFor();
    expect(await constraints.getByLabel("one matrix for input and output").isChecked()).toBe(false);
    await constraints.getByLabel("a matrix after the neurons").check();
    await constraints.getByText("The runs of E → OU").waitFor();
    await constraints.getByRole("button", { name: "Train it here" }).last().waitFor();
    await page.context().close();
  });

  it("turns the wheels of the circle", async () => {
    const page = await openAt(app, "#/story?at=construction");
    const circle = await chapter(page, "construction");
    await circle.getByLabel("a + b, keeping the difference").fill("40");
    await circle.getByText("a = 15").waitFor();
    await circle.getByLabel(/^Neurons/).fill("4");
    await circle.getByText(/4 neurons are right 3 % of the time with ReLU, and\s+3 %/).waitFor();
    await circle.getByLabel(/^Modulus/).fill("999");
    await circle.getByText(/250,000 sums/).waitFor();
    await page.context().close();
  });

  it.each([390, 768, 1440])(
    "fits a page %i px wide, has no violation that axe knows, and sets its formulas",
    async (width) => {
      const page = await openAt(app, "#/story", {
        viewport: { width, height: 900 },
        colorScheme: width === 768 ? "dark" : "light",
      });
      for (const { id } of chapters) {
        await page.locator(`#story-${id}`).scrollIntoViewIfNeeded();
        await page.waitForTimeout(150);
      }
      await page.locator("#story-construction .display").first().scrollIntoViewIfNeeded();
      await page.locator("#story-construction .katex").first().waitFor();
      await page.waitForTimeout(300);
      const wide = page.locator(".display").evaluateAll(
        (all) =>
        all.filter((one) => one.querySelector(".katex") && one.scrollWidth > one.clientWidth).length, // prettier-ignore
      );
      expect(await wide).toBe(0);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await violations(page)).toEqual([]);
      await page.context().close();
    },
  );
});
