/** The chapters of the story, in order; `id` is what an address names. */
export const chapters = [
  { id: "grok", title: "Knowing by heart, and knowing how" },
  { id: "waves", title: "Its weights become waves" },
  { id: "digits", title: "A task whose answer we know" },
  { id: "decay", title: "Why weight decay does it" },
  { id: "map", title: "When it happens: the map of 1,125" },
  { id: "five", title: "Five neurons on a circle" },
  { id: "stars", title: "It is full of stars" },
  { id: "seeds", title: "Other seeds, and those that never got there" },
  { id: "constraints", title: "Which constraints help" },
  { id: "again", title: "Memorizing again, and generalizing again" },
  { id: "language", title: "Language: finding the tree" },
  { id: "unknown", title: "What nobody knows yet" },
  { id: "construction", title: "The circle, to play with" },
] as const;
export type ChapterId = (typeof chapters)[number]["id"];
