/**
 * Options are declared once, as fields. Types, defaults, checks, command-line flags, forms, documentation tables and
 * the address bar all follow from the declaration.
 */

/** A wrong call: what is wrong, what is allowed, the nearest known name. The command line prints it and exits 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

interface FieldBase<T> {
  readonly default: T;
  readonly help: string;
}
export interface NumberField extends FieldBase<number> {
  readonly kind: "int" | "float";
  readonly min?: number;
  readonly max?: number;
  /** The value must be greater than `min`, not equal to it. */
  readonly exclusiveMin?: boolean;
}
export interface ChoiceField<T extends string = string> extends FieldBase<T> {
  readonly kind: "choice";
  readonly choices: readonly T[];
}
export interface BoolField extends FieldBase<boolean> {
  readonly kind: "bool";
}
export interface TextField extends FieldBase<string> {
  readonly kind: "text";
}
/** A user's own data, held in the Plan as text so that the Plan needs no file. */
export interface DataField extends FieldBase<string> {
  readonly kind: "data";
  /** The field's text for the content of a file. Pure; the name tells its format. @throws UsageError that says where */
  readonly read: (content: string, filename: string) => string;
  /** Several files are one value: their texts, with line breaks between them. */
  readonly several?: true;
}
export interface IntListField extends FieldBase<readonly number[]> {
  readonly kind: "ints";
  readonly min?: number;
  readonly max?: number;
}
export type Field = NumberField | ChoiceField | BoolField | TextField | DataField | IntListField;
export type Fields = Readonly<Record<string, Field>>;

/** The values that a set of fields describes. */
export type Values<F extends Fields> = { readonly [K in keyof F]: F[K]["default"] };
/** One value of any field, as it stands in a Plan. */
export type Value = number | string | boolean | readonly number[];

interface NumberLimits {
  readonly min?: number;
  readonly max?: number;
  readonly exclusiveMin?: boolean;
}

export const int = (value: number, help: string, limits: NumberLimits = {}): NumberField => ({
  kind: "int",
  default: value,
  help,
  ...limits,
});
export const float = (value: number, help: string, limits: NumberLimits = {}): NumberField => ({
  kind: "float",
  default: value,
  help,
  ...limits,
});
export const choice = <const T extends string>(choices: readonly T[], value: NoInfer<T>, help: string) =>
  ({ kind: "choice", default: value, help, choices }) as ChoiceField<T>;
export const bool = (value: boolean, help: string): BoolField => ({ kind: "bool", default: value, help });
export const text = (value: string, help: string): TextField => ({ kind: "text", default: value, help });
/** Longest text of a `data` field, in characters: the largest published data set, brackets, takes 13 million. */
export const maxDataLength = 16 * 2 ** 20;
export const data = (
  read: DataField["read"],
  help: string,
  { several }: Pick<DataField, "several"> = {},
): DataField => ({ kind: "data", default: "", help, read, ...(several && { several }) });
export const ints = (value: readonly number[], help: string, limits: NumberLimits = {}): IntListField => ({
  kind: "ints",
  default: value,
  help,
  ...limits,
});

/** What a field allows, in words: `a whole number from 2 to 997`, `one of tied, untied`. */
export function allowed(field: Field): string {
  switch (field.kind) {
    case "int":
    case "float":
      return (field.kind === "int" ? "a whole number" : "a number") + range(field);
    case "ints":
      return `whole numbers${range(field)}, separated by commas`;
    case "choice":
      return `one of ${field.choices.join(", ")}`;
    case "bool":
      return "true or false";
    case "text":
      return "text";
    case "data":
      return `data of at most ${maxDataLength} characters`;
  }
}

function range(field: NumberLimits): string {
  const { min, max, exclusiveMin } = field;
  if (min !== undefined && max !== undefined)
    return exclusiveMin ? ` above ${min} up to ${max}` : ` from ${min} to ${max}`;
  if (min !== undefined) return exclusiveMin ? ` above ${min}` : ` of at least ${min}`;
  if (max !== undefined) return ` of at most ${max}`;
  return "";
}

/** The value a text means for this field: what a flag, a form or the address bar hands over. */
export function parseText(field: Field, text: string, name: string): Value {
  const trimmed = text.trim();
  switch (field.kind) {
    case "int":
    case "float":
      return checked(field, trimmed === "" ? text : Number(trimmed), name, text);
    case "bool":
      return checked(field, trimmed === "true" ? true : trimmed === "false" ? false : text, name, text);
    case "ints":
      return checked(
        field,
        trimmed === "" ? [] : trimmed.split(",").map((part) => (part.trim() === "" ? NaN : Number(part))),
        name,
        text,
      );
    default:
      return checked(field, trimmed, name, text);
  }
}

/** The value itself when the field allows it. @throws UsageError that names the field and what it allows. */
export function checked(field: Field, value: unknown, name: string, shown: unknown = value): Value {
  if (fits(field, value)) return canonical(value as Value);
  const hint = field.kind === "choice" && typeof value === "string" ? suggestion(value, field.choices) : "";
  throw new UsageError(`${name}: ${show(shown)} is not allowed; give ${allowed(field)}${hint}`);
}

/** A list of its own, and -0 as 0: the two zeros are one Plan, and JSON cannot tell them apart. */
function canonical(value: Value): Value {
  if (typeof value === "number") return value + 0;
  return typeof value === "object" ? value.map((v) => v + 0) : value;
}

function fits(field: Field, value: unknown): boolean {
  switch (field.kind) {
    case "int":
      return Number.isSafeInteger(value) && within(field, value as number);
    case "float":
      return typeof value === "number" && Number.isFinite(value) && within(field, value);
    case "ints":
      // findIndex, not every: it also sees the holes of a list.
      return (
        Array.isArray(value) && value.findIndex((v) => !(Number.isSafeInteger(v) && within(field, v as number))) < 0
      );
    case "choice":
      return typeof value === "string" && field.choices.includes(value);
    case "bool":
      return typeof value === "boolean";
    case "text":
      return typeof value === "string" && value.length <= 4096;
    case "data":
      return typeof value === "string" && value.length <= maxDataLength;
  }
}

function within({ min, max, exclusiveMin }: NumberLimits, value: number): boolean {
  if (min !== undefined && (exclusiveMin ? value <= min : value < min)) return false;
  return max === undefined || value <= max;
}

/** A value on one line, shortened; whatever it is, a message must come of it. */
function show(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  return shortened(typeof value === "object" && value !== null ? json(value) : String(value));
}

/** What JSON cannot write (a cycle, a bigint inside) is named by its kind. */
function json(value: object): string {
  try {
    return JSON.stringify(value) ?? "object";
  } catch {
    return Array.isArray(value) ? "list" : "object";
  }
}

/** Quoted, with everything escaped that could break the line or the terminal. */
export function quoted(text: string): string {
  const escaped = JSON.stringify(text.slice(0, 100)).replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return shortened(escaped);
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);

/** A name as it is where it could be one, quoted otherwise. */
export const shownName = (name: string): string => (/^[\w.-]{1,60}$/.test(name) ? name : quoted(name));

/**
 * Every field with its value: those given, checked, and the defaults of the others.
 * @param where names the place in messages, e.g. `task` gives `task.p: …`
 * @throws UsageError on an unknown name or a value that is not allowed
 */
export function resolve<F extends Fields>(
  fields: F,
  given: Readonly<Record<string, unknown>>,
  where: string,
): Values<F> {
  const known = Object.keys(fields);
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(fields, name)) throw new UsageError(unknown(`${where}.`, name, known));
  }
  const entries = known.map((name) => {
    const field = fields[name];
    const value = Object.hasOwn(given, name) && given[name] !== undefined ? given[name] : field.default;
    return [name, checked(field, value, `${where}.${name}`)];
  });
  return Object.fromEntries(entries) as Values<F>;
}

function unknown(prefix: string, name: string, known: readonly string[]): string {
  const list = known.length > 0 ? `known: ${known.join(", ")}` : "it takes no options";
  return `${prefix}${shownName(name)}: unknown; ${list}${suggestion(name, known)}`;
}

/** The entry of a registry with this name. @throws UsageError with the nearest name. */
export function named<T extends { readonly name: string }>(entries: readonly T[], name: string, what: string): T {
  const found = entries.find((entry) => entry.name === name);
  if (found) return found;
  const names = entries.map((entry) => entry.name);
  throw new UsageError(`unknown ${what} ${quoted(name)}; known: ${names.join(", ")}${suggestion(name, names)}`);
}

/** `; did you mean "x"?` for the nearest of the known names, or nothing when none is near. */
export function suggestion(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === undefined ? "" : `; did you mean "${near}"?`;
}

/** The known name fewest edits away, if that is at most a third of its length (and at least one edit is allowed). */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const wanted = name.slice(0, 100).toLowerCase();
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < bestDistance && distance <= Math.max(1, Math.ceil(candidate.length / 3))) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein distance, with a swap of neighbours counted as one edit. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2] + 1);
      row.push(cost);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length];
}
