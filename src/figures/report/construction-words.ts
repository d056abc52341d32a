const tags: Readonly<Record<string, string>> = {
  quest: "question",
  decl: "copy",
  PRESENT: "into the present",
  PAST: "copy, in the past",
};
const subjects: Readonly<Record<string, string>> = {
  none: "plain subject",
  pp: "prepositional phrase on the subject",
  srci: "subject relative clause on the subject, without an object",
  srct: "subject relative clause on the subject, with an object",
  orc: "object relative clause on the subject",
};
const objects: Readonly<Record<string, string>> = {
  intransitive: "no object",
  none: "plain object",
  pp: "prepositional phrase on the object",
  srci: "subject relative clause on the object, without an object",
  srct: "subject relative clause on the object, with an object",
  orc: "object relative clause on the object",
};
const others: Readonly<Record<string, string>> = {
  "": "string of brackets",
  near: "partner less than 10 brackets back",
  distant: "partner at least 10 brackets back",
};

/** `quest pp/none` in words; a name that is not of the grammar stays as it is. */
export function constructionWords(name: string): string {
  if (Object.hasOwn(others, name)) return others[name];
  const [, tag, subject, object] = /^(?:(\S+) )?([^\s/]+)(?:\/(\S+))?$/.exec(name) ?? [];
  const parts = [
    tag === undefined ? undefined : (tags[tag] ?? tag),
    subjects[subject],
    object === undefined ? undefined : (objects[object] ?? object),
  ];
  return !Object.hasOwn(subjects, subject ?? "") ? name : parts.filter((part) => part !== undefined).join("; ");
}
