import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { expand } from "../train/sweep.ts";
import { Place } from "./testing/io.ts";
import { readSweep } from "./sweep-file.ts";

const page = readFileSync(new URL("../../docs/sweeps.md", import.meta.url), "utf8");
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "gm"))].map(([, text = ""]) => text);

describe("docs/sweeps.md", () => {
  it("shows a file that is a sweep, as it says", () => {
    const [text = ""] = blocks("yaml");
    const { sweep, policy } = readSweep(text, "my-sweep.yaml");
    expect(policy).toBe("pair");
    const { runs } = expand(sweep);
    expect(runs).toHaveLength(30);
    expect(runs.slice(0, 6).map(({ setting, plan }) => [setting["task.trainSize"], setting["rule"], plan.seed])).toEqual([
      ...[0, 1, 2, 3, 4].map((seed) => [400, "L2", seed]),
      [400, "L1", 0],
    ]); // prettier-ignore
  });

  it("shows commands that are right calls", async () => {
    const place = new Place();
    try {
      place.file("my-sweep.yaml", blocks("yaml")[0] ?? "");
      const commands = (blocks("sh")[0] ?? "").split("\n").flatMap((line) => {
        const words = line.replace(/#.*/, "").trim().split(/\s+/).slice(1);
        return words.length > 1 ? [words] : [];
      });
      expect(commands).toHaveLength(4);
      for (const words of commands) {
        const dry = words.includes("--dry-run") ? words : [...words, "--dry-run"];
        const { code, stderr } = await place.call([...dry, "--workers", "0"]);
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      }
    } finally {
      place.remove();
    }
  });
});
