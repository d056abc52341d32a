import { UsageError, type Fields } from "../options.ts";
import { readText } from "./files.ts";

/** The option of a figure that holds curves from elsewhere, from their file. @throws UsageError where it draws none */
export function referenceOption(
  { name, fields }: { readonly name: string; readonly fields: Fields },
  file: string | undefined,
  cwd: string,
): Readonly<Record<string, string>> {
  if (file === undefined) return {};
  const field = Object.hasOwn(fields, "reference") ? fields["reference"] : undefined;
  if (field?.kind !== "data")
    throw new UsageError(`--reference: the figure ${name} draws no curves from elsewhere; generalization-curves does`);
  return { reference: field.read(readText(file, cwd), file) };
}
