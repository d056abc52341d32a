import { expect, it } from "vitest";
import { countOf, sequenceAt, type Probes, type SequenceInputs, type Sequences } from "../../src/tasks/sequences.ts";

/** What every task of sequences must hold, besides what every task must. */
export function testSequences(inputs: SequenceInputs, chance: number): void {
  const sets = { validation: inputs.validation, generalization: inputs.generalization };

  it("numbers its words from a pad word on, then EOS and SOS", () => {
    const { words, eos, sos, vocabSize } = inputs;
    expect([eos, sos, vocabSize]).toEqual([words.length, words.length + 1, words.length + 2]);
    expect(new Set(words).size).toBe(words.length);
  });

  it("holds words only, and the longest sequence is as long as it says", () => {
    const all = [inputs.train, sets.validation.sequences, sets.generalization.sequences];
    for (const sequences of all) checkSequences(sequences, 1, inputs.eos);
    const lengths = all.flatMap((sequences) =>
      Array.from({ length: countOf(sequences) }, (_, i) => sequenceAt(sequences, i).length),
    );
    expect(lengths.reduce((a, b) => Math.max(a, b))).toBe(inputs.maxLength);
    expect(lengths.reduce((a, b) => Math.min(a, b))).toBeGreaterThan(0);
  });

  it.each(Object.entries(sets))("asks of the %s set what can be asked and answered", (_, { sequences, probes }) => {
    const n = probes.sequence.length;
    expect(n).toBeGreaterThan(0);
    expect(probes.position.length).toBe(n);
    for (let i = 0; i < n; i++) {
      expect(probes.sequence[i]).toBeLessThan(countOf(sequences));
      expect(probes.position[i]).toBeLessThan(sequenceAt(sequences, probes.sequence[i]).length);
    }
    if (probes.groups) {
      expect(probes.groups.of.length).toBe(n);
      expect(Math.min(...new Set(probes.groups.of))).toBeGreaterThanOrEqual(0);
      expect(Math.max(...new Set(probes.groups.of))).toBeLessThan(probes.groups.names.length);
      expect(new Set(probes.groups.names).size).toBe(probes.groups.names.length);
    }
    if (probes.kind === "nextToken") checkChoices(probes, chance, inputs.vocabSize);
    else checkReferences(probes, sequences, inputs);
  });
}

function checkSequences({ tokens, offsets }: Sequences, low: number, high: number): void {
  expect(offsets[0]).toBe(0);
  expect(offsets.at(-1)).toBe(tokens.length);
  expect(offsets.every((offset, i) => i === 0 || offset >= offsets[i - 1])).toBe(true);
  expect(tokens.filter((token) => token < low || token >= high)).toEqual(new Int32Array(0));
}

function checkChoices(probes: Extract<Probes, { kind: "nextToken" }>, chance: number, vocabSize: number): void {
  const { choices, answers, rules = [] } = probes;
  checkSequences(choices, 0, vocabSize);
  const n = probes.sequence.length;
  expect([1, n]).toContain(countOf(choices));
  const allowed = (i: number): Int32Array => sequenceAt(choices, countOf(choices) === 1 ? 0 : i);
  let guessed = 0;
  for (let i = 0; i < n; i++) {
    expect(allowed(i)).toContain(answers[i]);
    guessed += 1 / allowed(i).length / n;
  }
  expect(guessed).toBeCloseTo(chance, 6);
  for (const rule of rules) expect(rule.answers.length).toBe(n);
}

function checkReferences(
  probes: Extract<Probes, { kind: "decode" }>,
  sequences: Sequences,
  { vocabSize }: SequenceInputs,
): void {
  const { classes, exact, maxTokens } = probes;
  expect(classes.length).toBe(vocabSize);
  expect(countOf(exact)).toBe(probes.sequence.length);
  probes.sequence.forEach((sequence, i) => {
    const reference = sequenceAt(sequences, sequence).subarray(probes.position[i]);
    expect(reference.length).toBeLessThanOrEqual(maxTokens);
    for (const token of reference) expect(classes[token]).toBeGreaterThanOrEqual(0);
    for (const place of sequenceAt(exact, i)) expect(place).toBeLessThan(reference.length);
  });
}
