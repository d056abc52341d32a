import { suggestion, UsageError } from "../options.ts";
import type { NamedArrays } from "../tensor/index.ts";
import { withBiases } from "./biases.ts";
import { collapse } from "./collapse.ts";
import { asMatrix, multiply, transpose } from "./matrix.ts";
import type { Matrix } from "./network.ts";

/** The parts of a one-hidden-layer network that weights from elsewhere are mapped to. */
export const roles = ["embed", "hidden", "output", "unembed"] as const;
export type Role = (typeof roles)[number];

/** Arrays put together: what each operand adds to the neurons, and what the neurons add to the answers. */
export interface Reading {
  readonly inputs: readonly [Matrix, Matrix];
  readonly output: Matrix;
  readonly text: string;
  /** Rows of the embedding: more than p where it knows other tokens. */
  readonly tokens: number;
  /** Names of the arrays whose biases may stand beside them: what leads to the neurons, from them, and to the answers. */
  readonly layers: { readonly hidden: string; readonly output: string; readonly last: string };
  /** From what follows the neurons to the answers, where that is a matrix of its own. */
  readonly unembed?: Matrix;
}

/** Names of arrays by their role, those that were given; and the modulus, where it was. */
export interface Wanted {
  readonly names?: Partial<Record<Role, string>>;
  readonly p?: number | undefined;
}

/**
 * Every way to put arrays together whose shapes fit: as `recognize` says.
 * @throws UsageError where a name is not there, or nothing fits
 */
export function readingsOf(arrays: NamedArrays, options: Wanted): readonly Reading[] {
  const given = options.names ?? {};
  for (const name of Object.values(given)) {
    if (Object.hasOwn(arrays, name)) continue;
    const known = Object.keys(arrays);
    throw new UsageError(
      `weights: no array is called "${name}"; there are ${known.join(", ")}${suggestion(name, known)}`,
    );
  }
  if (Object.keys(given).length === 0 && ("embed.W_E" in arrays || "embed.0.W_E" in arrays)) {
    const { inputs, output } = collapse(arrays);
    const own = { hidden: "mlp.W_in", output: "mlp.W_out", last: "unembed.W_U" };
    return [{ inputs, output, text: Object.keys(arrays).join(", "), tokens: inputs[0].rows, layers: own }];
  }
  const matrices = Object.keys(arrays).filter((name) => arrays[name].shape.length === 2);
  const free = matrices.filter((name) => !Object.values(given).includes(name));
  if (free.length > mostFree) {
    throw new UsageError(
      `weights: ${free.length} matrices are too many to find the network by shape; name them with --embed, --hidden, --output, --unembed`,
    );
  }
  const readings = assignments(free, given)
    .flatMap((assignment) => turned(assignment, arrays))
    .flatMap((links) => read(links, options.p))
    .map((reading) => withBiases(reading, arrays));
  if (readings.length === 0) throw new UsageError(nothingFits(arrays, options));
  return readings;
}
const mostFree = 6;

type Assignment = Readonly<Partial<Record<Role, string>>>;

/** Ways to give arrays to roles: all that were named, and as many of the others as there are. */
function assignments(free: readonly string[], given: Assignment): readonly Assignment[] {
  const sets: readonly (readonly Role[])[] = [
    ["embed", "hidden", "output", "unembed"],
    ["embed", "hidden", "output"],
    ["embed", "output", "unembed"],
    ["embed", "output"],
    ["embed", "hidden"],
  ];
  const named = Object.keys(given) as Role[];
  return sets
    .filter((set) => named.every((role) => set.includes(role)))
    .flatMap((set) => {
      const open = set.filter((role) => given[role] === undefined);
      return arrangements(free, open.length).map((chosen) => ({
        ...given,
        ...Object.fromEntries(open.map((role, i) => [role, chosen[i]])),
      }));
    });
}

function arrangements(items: readonly string[], length: number): readonly (readonly string[])[] {
  if (length === 0) return [[]];
  return items.flatMap((item) => {
    const rest = items.filter((other) => other !== item);
    return arrangements(rest, length - 1).map((chosen) => [item, ...chosen]);
  });
}

interface Link {
  readonly name: string;
  readonly matrix: Matrix;
  readonly text: string;
}
type Links = Readonly<Partial<Record<Role, Link>>>;

/** Every way to turn the arrays of an assignment. */
function turned(assignment: Assignment, arrays: NamedArrays): readonly Links[] {
  return roles.reduce<readonly Links[]>(
    (ways, role) => {
      const name = assignment[role];
      if (name === undefined) return ways;
      const matrix = asMatrix(arrays[name]);
      const options = [
        { name, matrix, text: name },
        { name, matrix: transpose(matrix), text: `${name}ᵀ` },
      ];
      return ways.flatMap((links) => options.map((link) => ({ ...links, [role]: link })));
    },
    [{}],
  );
}

/** Tokens besides the numbers, `=` and perhaps `+`, that follow them in the embedding, and maybe in the answers, too. */
const extras: readonly (readonly [inputs: number, answers: number])[] = [[0, 0], [1, 0], [2, 0], [1, 1], [2, 2]]; // prettier-ignore

/** The networks of these matrices in these roles, where their sizes fit. */
function read({ embed, hidden, output, unembed }: Links, wanted: number | undefined): readonly Reading[] {
  if (embed === undefined) return [];
  const tied = { name: embed.name, matrix: transpose(embed.matrix), text: `${embed.text}ᵀ`.replace("ᵀᵀ", "") };
  const ends: readonly (readonly Link[])[] =
    output === undefined ? [[tied]] : unembed ? [[output, unembed]] : [[output], [output, tied]];
  return inputsOf(embed.matrix, hidden?.matrix).flatMap(({ inputs, constants }) =>
    ends.flatMap((links) => {
      const [first, second] = links.map(({ matrix }) => matrix);
      if (second !== undefined && first.cols !== second.rows) return [];
      if (inputs[0].cols !== first.rows) return [];
      const whole = second === undefined ? first : multiply(first, second);
      const names = [embed, ...(hidden ? [hidden] : []), ...links].map(({ text }) => text).join(" · ");
      const layers = { hidden: (hidden ?? embed).name, output: links[0].name, last: links[links.length - 1].name };
      return extras.flatMap(([more, answers]) => {
        const p = inputs[0].rows - more;
        if (p < 2 || whole.cols !== p + answers || (wanted !== undefined && p !== wanted)) return [];
        const columns = firstColumns(whole, p);
        return constants(p).map(({ constant, what }) => {
          const text = `${names}${more === 0 ? "" : `, ${p} of ${inputs[0].rows} tokens`}${what}`;
          const own = withConstant(inputs, p, constant);
          return {
            inputs: own,
            output: columns,
            text,
            tokens: inputs[0].rows,
            layers,
            ...(second && { unembed: firstColumns(second, p) }),
          };
        });
      });
    }),
  );
}

/** What each operand adds to the neurons, for every token; and what other tokens add that every pair is followed by. */
interface Inputs {
  readonly inputs: readonly [Matrix, Matrix];
  readonly constants: (p: number) => readonly { readonly constant: Float64Array | undefined; readonly what: string }[];
}

/** One matrix for both operands, or parts of one that takes both at once, and perhaps a third token. */
function inputsOf(embed: Matrix, hidden: Matrix | undefined): readonly Inputs[] {
  const none = { constant: undefined, what: "" };
  const alone = (inputs: readonly [Matrix, Matrix]): Inputs => ({ inputs, constants: () => [none] });
  const rowsFrom = (from: Matrix, p: number) =>
    Array.from({ length: from.rows - p }, (_, i) => ({
      constant: from.data.slice((p + i) * from.cols, (p + i + 1) * from.cols),
      what: `, followed by token ${p + i}`,
    }));
  if (hidden === undefined) return [alone([embed, embed]), ...(embed.rows % 2 === 0 ? [alone([part(embed, 0, 2), part(embed, 1, 2)])] : [])]; // prettier-ignore
  if (embed.cols === hidden.rows) {
    const both = multiply(embed, hidden);
    return [{ inputs: [both, both], constants: (p) => [none, ...rowsFrom(both, p)] }];
  }
  if (2 * embed.cols === hidden.rows)
    return [alone([multiply(embed, part(hidden, 0, 2)), multiply(embed, part(hidden, 1, 2))])];
  if (3 * embed.cols !== hidden.rows) return [];
  const [first, second, third] = [0, 1, 2].map((i) => multiply(embed, part(hidden, i, 3)));
  return [{ inputs: [first, second], constants: (p) => rowsFrom(third, p) }];
}

/** One of the equal parts that the rows of a matrix are cut into. */
function part({ rows, cols, data }: Matrix, i: number, parts: number): Matrix {
  const size = (rows / parts) * cols;
  return { rows: rows / parts, cols, data: data.slice(i * size, (i + 1) * size) };
}

const firstColumns = (matrix: Matrix, count: number): Matrix =>
  matrix.cols === count ? matrix : transpose(firstRows(transpose(matrix), count));

const firstRows = ({ rows, cols, data }: Matrix, count: number): Matrix =>
  rows === count ? { rows, cols, data } : { rows: count, cols, data: data.slice(0, count * cols) };

/** The first p tokens, with half of a constant added to what each operand adds. */
function withConstant(inputs: readonly [Matrix, Matrix], p: number, constant: Float64Array | undefined) {
  const own = (matrix: Matrix): Matrix => {
    if (constant === undefined) return matrix.rows === p ? matrix : firstRows(matrix, p);
    const { rows, cols, data } = firstRows(matrix, p);
    return { rows, cols, data: data.map((x, i) => x + constant[i % cols] / 2) };
  };
  const first = own(inputs[0]);
  return [first, inputs[1] === inputs[0] ? first : own(inputs[1])] as const;
}

function nothingFits(arrays: NamedArrays, { p }: Wanted): string {
  const shapes = Object.entries(arrays).map(([name, { shape }]) => `${name} [${shape.join(", ")}]`);
  const wanted = p === undefined ? "" : ` for ${p} numbers`;
  return `weights: found no embedding, hidden and output matrix${wanted} among ${shapes.join(", ")}; name them with --embed, --hidden, --output, --unembed`;
}
