import { quoted, UsageError } from "../../options.ts";
import { presentVerbs } from "./lexicon.ts";

/** Which verb a form in the present is of, whatever its number. @throws UsageError for any other word */
export function presentVerb(word: string): number {
  const found = presentVerbs.map((forms) => forms.indexOf(word)).find((index) => index >= 0);
  if (found === undefined) throw new UsageError(`${quoted(word)} is no verb in the present`);
  return found;
}
