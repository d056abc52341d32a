import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as groklab from "./index.ts";

describe("the library", () => {
  it("runs the example of its documentation", () => {
    const source = readFileSync(new URL("index.ts", import.meta.url), "utf8");
    const [, block = ""] = /```js\n([\s\S]*?)\* ```/.exec(source) ?? [];
    const code = block.replace(/^ \* ?/gm, "").replace(/import (\{.*\}) from "groklab";/, "const $1 = groklab;");
    expect(code).not.toContain("import");
    const said: unknown[][] = [];
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the example is text, and has to run as it stands
    const example = new Function("groklab", "console", code) as (library: typeof groklab, out: object) => void;
    example(groklab, { log: (...words: unknown[]) => said.push(words) });
    const [[label, reasons]] = said as [[string, string[]]];
    expect(["grok", "generalize", "memorize", "fail", "undecided"]).toContain(label);
    expect(reasons.length).toBeGreaterThan(0);
  });

  it("tells the same bits by their hash", () => {
    const { plan, train, weightsHash } = groklab;
    const made = plan({
      task: { name: "modular-addition", p: 7 },
      model: { name: "factored", dModel: 16, dMlp: 8 },
      optimizer: { name: "adamw" },
      training: { steps: 20 },
    });
    const hash = () => {
      const run = train(made);
      for (;;) {
        const next = run.next();
        if (next.done) return weightsHash(next.value.checkpoint.params);
      }
    };
    expect(hash()).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(hash()).toBe(hash());
  });
});
