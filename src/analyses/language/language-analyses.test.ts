import { describe, expect, it } from "vitest";
import { untapped, type Tap } from "../../models/index.ts";
import { exportArrays, view, type NamedArrays } from "../../tensor/index.ts";
import { plan } from "../../train/plan.ts";
import { setUp } from "../../train/setup.ts";
import { chartAt } from "../trees/chart.ts";
import { attentionSparsity } from "./attention-sparsity.ts";
import { headEffects } from "./head-effects.ts";
import { languageReader, readAll, type LanguageModel } from "./language-model.ts";
import { deadDecoder, weightNorms } from "./published-norm.ts";
import { minimalPairs, ruleLabel, ruleVerdict } from "./rule.ts";
import { readSentences } from "./sentences.ts";
import { chartsOf, treeScores } from "./tree-scores.ts";

const sizes = { trainSize: 300, validationSize: 40, generalizationSize: 60 };
const made = (task = "question-formation", model = {}) =>
  plan({
    task: { name: task, ...sizes },
    model: { name: "transformer", dModel: 16, nLayers: 2, nHeads: 2, mlpRatio: 2, ...model },
    optimizer: { name: "adamw" },
    seed: 3,
  });
const start = (of = made()): NamedArrays => exportArrays(setUp(of).init());
const reader = languageReader(made());
const weights = start();
const use = <R>(of: (model: LanguageModel) => R, from = weights): R => reader.with(from, of);
const sentences = readSentences(reader.inputs, reader.inputs.train, { count: 12, seed: 42, tag: "quest" });

/** The weights with some tensors changed. */
const changed = (name: string, change: (data: Float64Array) => void): NamedArrays => {
  const data = Float64Array.from(weights[name].data);
  change(data);
  return { ...weights, [name]: { ...weights[name], data: Float32Array.from(data) } };
};

describe("sentences", () => {
  it("are questions' declaratives, without full stop and tag, with their trees", () => {
    expect(sentences.length).toBe(12);
    for (const { words, gold } of sentences) {
      expect(words).not.toContain(".");
      expect(gold).toBeDefined();
    }
    expect(readSentences(reader.inputs, reader.inputs.train, { count: 12, seed: 42, tag: "quest" })).toEqual(sentences);
  });
});

describe("the chart of a real network", () => {
  const charts = use((model) => chartsOf(model, sentences));

  it("is 1 for every beginning", () => {
    charts.forEach((chart) => {
      for (let last = 0; last < chart.n; last++) expect(chartAt(chart, 0, last)).toBeCloseTo(1, 6);
    });
  });

  it("is the one of a run for every span, within 1e-5", () => {
    const { tokens } = sentences[0];
    const n = tokens.length;
    const spans = Array.from({ length: n }, (_, first) =>
      Array.from({ length: n - first }, (_, k) => [first, first + k] as const),
    ).flat();
    const dModel = 16;
    const sum = (rows: Float64Array, first: number, last: number) =>
      Array.from({ length: dModel }, (_, c) =>
        Array.from({ length: last - first + 1 }, (_, t) => rows[(first + t + 1) * dModel + c]).reduce((a, b) => a + b),
      );
    use((model) => {
      const states: Float64Array[] = [];
      let last = new Float64Array(0);
      const tap: Tap = (name, activation) => {
        if (name === "resid_final") last = Float64Array.from(view(activation));
        return activation;
      };
      // Later words are not there at all.
      const readings = spans.map(([first, end]) => ({ tokens: tokens.subarray(0, end + 1), firstVisible: first + 1 }));
      readAll(model, [{ tokens }, ...readings], "nothing", tap, ({ batch }) => {
        for (let i = 0; i < batch.n; i++)
          states.push(last.slice(batch.offsets[i] * dModel, batch.offsets[i + 1] * dModel));
      });
      spans.forEach(([first, end], i) => {
        const [a, b] = [sum(states[0], first, end), sum(states[i + 1], first, end)];
        const dot = (x: number[], y: number[]) => x.reduce((total, v, c) => total + v * y[c], 0);
        const cosine = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
        expect(Math.abs(chartAt(charts[0], first, end) - cosine)).toBeLessThan(1e-5);
      });
    });
  });

  it("gives the same scores every time, and the baselines of these sentences", () => {
    const scores = use((model) => treeScores(model, sentences));
    expect(use((model) => treeScores(model, sentences))).toEqual(scores);
    expect(scores.sentences).toBe(12);
    expect(scores.tScore).toBeGreaterThan(0);
    expect(Math.abs(scores.tScoreSampled - scores.tScore)).toBeLessThan(0.5);
    expect(scores.parseval?.rightBranching).toBeGreaterThan(0.5);
  });

  it("has no gold trees for brackets", () => {
    const brackets = languageReader(made("dyck"));
    const strings = readSentences(brackets.inputs, brackets.inputs.train, { count: 4, seed: 1 });
    expect(brackets.with(start(made("dyck")), (model) => treeScores(model, strings)).parseval).toBeNull();
  });
});

describe("attention sparsity", () => {
  const uniform = () => {
    const zero = (data: Float64Array) => data.fill(0);
    return { ...changed("blocks.0.attn.W_Q", zero), ...Object.fromEntries(
      Object.entries(changed("blocks.1.attn.W_Q", zero)).filter(([name]) => name === "blocks.1.attn.W_Q")) }; // prettier-ignore
  };

  it("of uniform attention is -ln (n + 1)! as published, and -1 when normalized", () => {
    const found = use((model) => attentionSparsity(model, sentences.slice(0, 1)), uniform());
    const n = sentences[0].tokens.length;
    const logFactorial = Array.from({ length: n + 1 }, (_, i) => Math.log(i + 1)).reduce((a, b) => a + b);
    expect(found.published).toBeCloseTo(-logFactorial, 4);
    expect(found.normalized).toBeCloseTo(-1, 5);
    expect(found.corrected).toBeCloseTo(-logFactorial / (n + 1), 4);
  });

  it("is greater for a network whose queries are large", () => {
    const sharp = changed("blocks.0.attn.W_Q", (data) => data.forEach((x, i) => (data[i] = 30 * x)));
    const [dull, found] = [weights, sharp].map((from) => use((model) => attentionSparsity(model, sentences), from));
    expect(found.layers[0]).toBeGreaterThan(dull.layers[0]);
    expect(found.published).toBeGreaterThan(dull.published);
  });
});

describe("norms", () => {
  it("with the unused decoder are the published ones at the start: 122, 67 and 48 on tense inflection", () => {
    expect(deadDecoder(512, 2048)).toBeCloseTo(48_546, -1);
    const squares = (layers: number) => 5531 * layers + 337;
    const found = [2, 4, 6].map((layers) => {
      const theta = { shape: [1], data: Float64Array.of(Math.sqrt(squares(layers))) };
      return weightNorms({ theta }, { nLayers: layers, dModel: 512, dMlp: 2048 }).published;
    });
    [122.4, 66.6, 47.7].forEach((published, i) => expect(found[i]).toBeCloseTo(published, 0));
  });

  it("of a network as it begins are 5,531 squared per layer, within 1 %, and 337 for embedding and output", () => {
    const big = plan({
      task: { name: "tense-inflection", ...sizes },
      model: { name: "transformer", nLayers: 1 },
      optimizer: { name: "adamw" },
    });
    const norms = weightNorms(start(big), { nLayers: 1, dModel: 512, dMlp: 2048 });
    const square = (part: (name: string) => boolean) =>
      Object.entries(norms.tensors).reduce((sum, [name, norm]) => sum + (part(name) ? norm * norm : 0), 0);
    expect(Math.abs(square((name) => name.startsWith("blocks.")) / 5531 - 1)).toBeLessThan(0.01);
    expect(Math.abs(square((name) => name.includes("embed")) / 337 - 1)).toBeLessThan(0.02);
    expect(norms.published).toBeGreaterThan(norms.live);
  });
});

describe("the rule", () => {
  const pairs = minimalPairs(reader.inputs, "question-formation", 50);

  it("is told by pairs on which the rules differ", () => {
    expect(pairs.length).toBe(50);
    expect(pairs.every(({ linear, hierarchical }) => linear !== hierarchical)).toBe(true);
    const verdict = use((model) => ruleVerdict(model, pairs));
    expect(verdict.pairs).toBe(50);
    expect(verdict.constructions.reduce((sum, { pairs: n }) => sum + n, 0)).toBe(50);
  });

  it("is the one that a planted preference has", () => {
    // Every question about a planted network begins with "does": right where the main auxiliary is "does".
    const does = reader.inputs.words.indexOf("does");
    const planted = changed("unembed.b_U", (data) => (data[does] += 1000));
    const verdict = use((model) => ruleVerdict(model, pairs), planted);
    const share = (rule: "linear" | "hierarchical") =>
      pairs.filter((pair) => pair[rule] === does).length / pairs.length;
    expect(verdict.hierarchical).toBeCloseTo(share("hierarchical"), 10);
    expect(verdict.linear).toBeCloseTo(share("linear"), 10);
  });

  it("has a name for every case", () => {
    const score = { pairs: 10, margin: 0 };
    expect(ruleLabel({ ...score, preference: 0.95, hierarchical: 0.9, linear: 0.05 })).toBe("hierarchical");
    expect(ruleLabel({ ...score, preference: 0.1, hierarchical: 0.1, linear: 0.9 })).toBe("linear");
    expect(ruleLabel({ ...score, preference: 0.6, hierarchical: 0.5, linear: 0.4 })).toBe("mixed");
    expect(ruleLabel({ ...score, preference: 0.9, hierarchical: 0.2, linear: 0.1 })).toBe("neither");
  });

  it("is asked of tense inflection and agreement by two forms of a verb", () => {
    for (const task of ["tense-inflection", "agreement"]) {
      const other = languageReader(made(task));
      const found = minimalPairs(other.inputs, task, 20);
      expect(found.length).toBe(20);
      expect(other.with(start(made(task)), (model) => ruleVerdict(model, found)).pairs).toBe(20);
    }
    expect(minimalPairs(languageReader(made("dyck")).inputs, "dyck", 20)).toEqual([]);
  });
});

describe("a head's effect", () => {
  it("is that of a network whose output matrix has zeros for it", () => {
    const pairs = minimalPairs(reader.inputs, "question-formation", 20);
    const effects = use((model) => headEffects(model, pairs));
    expect(effects.map(({ layer, head }) => [layer, head])).toEqual([[0, 0], [0, 1], [1, 0], [1, 1]]); // prettier-ignore
    // W_O is [nHeads, dHead, dModel]: the second half is head 1.
    const cut = changed("blocks.1.attn.W_O", (data) => data.fill(0, data.length / 2));
    const whole = use((model) => ruleVerdict(model, pairs, untapped));
    const without = use((model) => ruleVerdict(model, pairs, untapped), cut);
    expect(effects[3].margin).toBeCloseTo(without.margin - whole.margin, 4);
    expect(effects[3].hierarchical).toBeCloseTo(without.hierarchical - whole.hierarchical, 10);
  });
});
