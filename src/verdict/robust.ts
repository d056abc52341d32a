import type { Outcome, PolicyDefinition } from "./policy.ts";
import type { Curve, Label } from "./verdict.ts";

/** Coarser grids asked: every second and every fourth evaluation, where that leaves enough of them. */
const strides = [2, 4];
const fewest = 8;

/**
 * Whether the label stays the same on coarser evaluation grids and with neighboring thresholds; in words where it does
 * not. Null when the run is too short to thin out and no threshold changes the label.
 */
export function robustness(
  policy: PolicyDefinition,
  curve: Curve,
  thresholds: Readonly<Record<string, number>>,
  label: Label,
  labelOf: (outcome: Outcome) => Label,
): { readonly robust: boolean | null; readonly differing: readonly string[] } {
  const grids = strides.filter((stride) => curve.evals.length / stride >= fewest);
  const differing: string[] = [];
  const ask = (where: string, of: Curve, t: Readonly<Record<string, number>>) => {
    const other = labelOf(policy.judge(of, t));
    if (other !== label) differing.push(`${where} it would be ${other}`);
  };
  for (const stride of grids)
    ask(`with every ${stride === 2 ? "2nd" : "4th"} evaluation`, coarser(curve, stride), thresholds);
  for (const t of policy.variants(thresholds) as readonly Readonly<Record<string, number>>[]) {
    const moved = Object.keys(t).filter((name) => t[name] !== thresholds[name]);
    if (moved.length > 0)
      ask(`with ${moved.map((name) => `${name} ${Number(t[name].toPrecision(4))}`).join(", ")}`, curve, t);
  }
  return { robust: differing.length > 0 ? false : grids.length > 0 ? true : null, differing };
}

/** Every k-th evaluation; the first and the last stay. */
function coarser(curve: Curve, stride: number): Curve {
  const last = curve.evals.length - 1;
  return { ...curve, evals: curve.evals.filter((_, i) => i % stride === 0 || i === last) };
}
