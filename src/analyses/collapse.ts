import { UsageError } from "../options.ts";
import type { NamedArray, NamedArrays } from "../tensor/index.ts";
import { asMatrix, multiply, transpose } from "./matrix.ts";
import type { Examples, Matrix, Network } from "./network.ts";

/** The matrices of a factored network, multiplied out. */
export interface Collapsed {
  /** What each operand adds to each neuron, [vocabulary, n] each. */
  readonly inputs: readonly [Matrix, Matrix];
  /** From neurons to answers, [n, classes]. */
  readonly output: Matrix;
}

/**
 * Multiplies a factored one-layer network on two operands out, whichever of its switches were set; the names and shapes
 * of its weights tell which. W_input = E · H (one for each operand where E or H differ between them; E alone where the
 * hidden matrix is left out), W_output = O · U, with U = Eᵀ where there is no unembedding of its own.
 * (Pearce et al. 2023: their W_input-proj and W_output-proj, saved for every checkpoint.)
 * @throws UsageError where the weights are not those of such a network
 */
export function collapse(weights: NamedArrays): Collapsed {
  const embeds = matrices(weights, "embed", "W_E");
  const hiddens = matrices(weights, "mlp", "W_in");
  if (embeds.length === 0) throw new UsageError(`weights: no embedding among ${Object.keys(weights).join(", ")}`);
  const input = (i: number): Matrix => {
    const embed = embeds[Math.min(i, embeds.length - 1)];
    return hiddens.length === 0
      ? embed
      : product(embed, hiddens[Math.min(i, hiddens.length - 1)], "embedding", "hidden");
  };
  const first = input(0);
  const inputs = [first, embeds.length > 1 || hiddens.length > 1 ? input(1) : first] as const;
  const out = weights["mlp.W_out"] as NamedArray | undefined;
  const unembed = weights["unembed.W_U"] as NamedArray | undefined;
  const last = unembed === undefined ? transpose(embeds[0]) : asMatrix(unembed);
  const output = out === undefined ? last : product(asMatrix(out), last, "output", "unembedding");
  if (output.rows !== first.cols)
    throw new UsageError(
      `weights: ${first.cols} neurons on the side of the inputs, ${output.rows} on that of the output`,
    );
  return { inputs, output };
}

function matrices(weights: NamedArrays, group: string, matrix: string): readonly Matrix[] {
  const names = [`${group}.${matrix}`, `${group}.0.${matrix}`, `${group}.1.${matrix}`];
  return names.filter((name) => Object.hasOwn(weights, name)).map((name) => asMatrix(weights[name]));
}

function product(a: Matrix, b: Matrix, left: string, right: string): Matrix {
  if (a.cols !== b.rows)
    throw new UsageError(
      `weights: the ${left} matrix is ${a.rows} x ${a.cols}, the ${right} matrix ${b.rows} x ${b.cols}; inner sizes differ`,
    );
  return multiply(a, b);
}

/** A network to be analyzed, from weights with groklab's names. @throws UsageError where operands and answers differ */
export function networkOf(weights: NamedArrays, examples: Examples, activation: Network["activation"]): Network {
  const { inputs, output } = collapse(weights);
  const p = inputs[0].rows;
  if (output.cols !== p || inputs[1].rows !== p)
    throw new UsageError(
      `weights: operands of ${p} and ${inputs[1].rows} numbers, answers of ${output.cols}; the analyses of modular arithmetic need the same modulus for all`,
    );
  return { p, inputs, output, activation, examples };
}
