/** A file's bytes are not what its format allows: truncated, damaged or of another kind. One sentence, no stack needed. */
export class FormatError extends Error {
  override name = "FormatError";
}
