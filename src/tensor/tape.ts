import { kernel } from "./engine.ts";
import { keep, scope } from "./memory.ts";
import { ShapeError, show } from "./shape.ts";
import type { Tensor } from "./tensor.ts";
import { type Params, alias, emptyLike, full, read, tensor, zeros } from "./tensor.ts";

/** What the ops of one `valueAndGrad` did, in order. */
export interface Tape {
  readonly outputs: Tensor[];
  readonly vjps: Vjp[];
}

/** Carries the gradient of an op's output back to its inputs with `contribute`. */
export type Vjp = (gradient: Tensor) => void;

/** The tape that ops write on now, and the one that is walked back now. */
let recording: Tape | null = null;
let walking: Tape | null = null;

/** Whether the gradient by `t` is being followed, so that an op on it has to be recorded. */
export function tracked(t: Tensor): boolean {
  return recording !== null && t.tape === recording;
}

/** Record that `out` came from tracked inputs, and how its gradient gets back to them. Returns `out`. */
export function record(out: Tensor, vjp: Vjp): Tensor {
  const tape = recording!;
  out.tape = tape;
  tape.outputs.push(out);
  tape.vjps.push(vjp);
  return out;
}

/** In a vjp: whether `input` needs a gradient at all. */
export function wanted(input: Tensor): boolean {
  return input.tape === walking;
}

/** In a vjp: add `gradient` to what `input` has got so far. Takes `gradient` over: pass an `alias` to go on using it. */
export function contribute(input: Tensor, gradient: Tensor): void {
  if (!wanted(input)) {
    gradient.dispose();
    return;
  }
  const sofar = input.gradient;
  if (sofar === null) {
    input.gradient = gradient;
    return;
  }
  const out = sofar.shared ? emptyLike(sofar) : sofar;
  kernel("add", out.dtype)(sofar.ptr, gradient.ptr, out.ptr, out.size);
  input.gradient = out;
  gradient.dispose();
  if (out !== sofar) sofar.dispose();
}

/**
 * The scalar `f(params)` and its gradient by each parameter, by reverse-mode differentiation. `f` must use the tensors
 * that it is given. Gradients add up in reverse order of the ops, so the same `f` gives the same bits. A parameter that
 * `f` does not use gets zeros; those named in `except` are taken as constants and get no gradient.
 */
export function valueAndGrad(
  f: (params: Params) => Tensor,
  params: Params,
  { except = [] }: { readonly except?: readonly string[] } = {},
): { readonly value: Tensor; readonly grads: Params } {
  return scope(() => {
    const tape: Tape = { outputs: [], vjps: [] };
    const leaves: Record<string, Tensor> = {};
    for (const name of Object.keys(params)) {
      leaves[name] = alias(params[name]);
      if (!except.includes(name)) leaves[name].tape = tape;
    }
    const value = taped(tape, () => f(leaves));
    if (value.size !== 1)
      throw new ShapeError(`valueAndGrad: the function returned ${show(value.shape)}, not a scalar`);
    if (value.tape === tape) walkBack(tape, value);
    const grads: Record<string, Tensor> = {};
    for (const name of Object.keys(params)) {
      const leaf = leaves[name];
      if (leaf.tape !== tape) continue;
      const gradient = leaf.gradient ?? zeros(leaf.shape, leaf.dtype);
      leaf.gradient = null;
      grads[name] = keep(own(gradient));
    }
    return { value: keep(own(value)), grads };
  });
}

/** `t` with memory of its own: what is handed out may be written to, or outlive what it came from. */
function own(t: Tensor): Tensor {
  return t.shared ? tensor(read(t), t.shape, t.dtype) : t;
}

function taped<T>(tape: Tape, fn: () => T): T {
  const outer = recording;
  recording = tape;
  try {
    return fn();
  } finally {
    recording = outer;
  }
}

function walkBack(tape: Tape, value: Tensor): void {
  const outerRecording = recording;
  const outerWalking = walking;
  recording = null; // the vjps' own ops are not recorded
  walking = tape;
  try {
    value.gradient = full(value.shape, 1, value.dtype);
    for (let i = tape.outputs.length - 1; i >= 0; i--) {
      const output = tape.outputs[i];
      const gradient = output.gradient;
      if (gradient === null) continue;
      output.gradient = null;
      tape.vjps[i](gradient);
      gradient.dispose();
    }
  } finally {
    recording = outerRecording;
    walking = outerWalking;
  }
}
