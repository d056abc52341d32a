import { describe, expect, it } from "vitest";
import type { Subjects } from "../../src/analyses/analysis.ts";
import { normsOf } from "../../src/analyses/course.ts";
import { analyses } from "../../src/analyses/index.ts";
import { adder, parityOf } from "../../src/analyses/testing/planted.ts";
import { imports, read, sources } from "../tree.ts";

const network = adder(13, [{ frequency: 2, neurons: 5, rotation: 0.3 }], "relu");
const bits = parityOf([0, 1, 2], 7);
const course = { evals: [], fitStep: 0, generalizeStep: 20, precision: "float64" } as const;
const moments = <N>(of: N) => [0, 10, 20].map((step) => ({ step, network: of, norms: normsOf({}) }));
const subjects: Subjects = {
  network,
  bits,
  course: { ...course, moments: moments(network) },
  "bit-course": { ...course, moments: moments(bits) },
  nothing: undefined,
};

describe.each(analyses.map((analysis) => [analysis.name, analysis] as const))("analysis %s", (name, analysis) => {
  const run = () => analysis.run(subjects[analysis.needs] as never);

  it("returns plain JSON, the same each time, and leaves its subject as it was", () => {
    const before = JSON.stringify(subjects);
    const rows = run();
    expect(JSON.parse(JSON.stringify(rows))).toEqual(rows);
    expect(run()).toEqual(rows);
    expect(JSON.stringify(subjects)).toBe(before);
  });

  it("is documented with definition, source and what planted networks must score", () => {
    const section = new RegExp(`^### ${name}\n[^#]*`, "m").exec(read("docs/analyses.md"))?.[0] ?? "";
    expect(section).toMatch(/^Source: /m);
    if (analysis.needs !== "nothing") expect(section).toMatch(/^Planted: /m);
    expect(analysis.source.length * analysis.summary.length).toBeGreaterThan(0);
  });
});

it("analyses run in a page: nothing in their room needs Node or a package", () => {
  const room = sources.filter((file) => file.startsWith("src/analyses/"));
  expect(room.length).toBeGreaterThan(20);
  const needed = room.flatMap((file) => imports(file).filter(({ kind }) => kind === "package"));
  expect(needed.map(({ target }) => target)).toEqual([]);
});
