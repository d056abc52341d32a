import { stream } from "../../src/rng.ts";
import { sequenceInputs, sequencesOf, type Probes, type ScoredSet, type Task } from "../../src/tasks/index.ts";

const words = ["<pad>", "a", "b", "c", "copy", "first"];
const [A, COPY, FIRST] = [1, 4, 5];

interface CopiesOptions {
  readonly n?: number;
  readonly kind?: Probes["kind"];
  readonly seed?: number;
}

/**
 * A tiny language: letters, then `copy` and the letters again, or `first` and the first letter. The generalization set
 * has longer strings. Every answer is known, so what an evaluation says can be counted by hand.
 */
export function copies({ n = 60, kind = "nextToken", seed = 0 }: CopiesOptions = {}): Task {
  const draw = stream(seed, "task");
  const line = (length: number): number[] => {
    const letters = Array.from({ length }, () => A + draw.int(3));
    return draw.int(2) === 0 ? [...letters, COPY, ...letters] : [...letters, FIRST, letters[0]];
  };
  const lines = (count: number, length: number) => Array.from({ length: count }, () => line(1 + draw.int(length)));
  return {
    name: "copies",
    n,
    inputs: sequenceInputs({
      words,
      train: sequencesOf(lines(n, 3)),
      validation: asked(lines(20, 3), kind),
      generalization: asked(lines(30, 5), kind),
    }),
    labels: new Int32Array(0),
    numClasses: words.length + 2,
    chance: kind === "nextToken" ? 1 / 3 : 0,
  };
}

/** Of every line: which letter comes after the tag, or all of them. The rule `last` names the last letter instead. */
function asked(lines: readonly number[][], kind: Probes["kind"]): ScoredSet {
  const tagAt = lines.map((line) => line.findIndex((token) => token >= COPY));
  const places = {
    sequence: Int32Array.from(lines.keys()),
    position: Int32Array.from(tagAt, (at) => at + 1),
    groups: { names: ["copy", "first"], of: Int32Array.from(lines, (line, i) => Number(line[tagAt[i]] === FIRST)) },
  };
  const probes: Probes =
    kind === "nextToken"
      ? {
          ...{ kind, ...places, choices: sequencesOf([[1, 2, 3]]) },
          answers: Int32Array.from(lines, (line) => line[0]),
          rules: [{ name: "last", answers: Int32Array.from(lines, (line, i) => line[tagAt[i] - 1]) }],
        }
      : {
          ...{ kind, ...places, maxTokens: 8 },
          classes: Int32Array.of(-1, 0, 0, 0, 1, 1, -1, -1),
          exact: sequencesOf(lines.map(() => [0])),
        };
  return { sequences: sequencesOf(lines), probes };
}
