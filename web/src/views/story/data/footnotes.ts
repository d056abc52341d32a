export type FootnoteFigureName = "circle" | "decay";

export interface FootnoteEntry {
  readonly id: string;
  readonly text: string;
  /** A picture below the words. */
  readonly figure?: FootnoteFigureName;
}

/** In the order in which the story comes to them. */
export const footnotes = [
  {
    id: "repeatable",
    text: "The published run cannot be repeated even from its own seed: the same settings gave three different sets of frequencies, because over tens of thousands of steps a rounding error grows into another network. Here every browser and the command line round alike, and the same seed ends in the same bits.",
  },
  {
    id: "penalty",
    text: "As in the published run, the sign of every weight, times λ, is added to the gradient before Adam rescales it. Weight decay is taken off the weights themselves, after Adam and unscaled.",
  },
  {
    id: "decay",
    text: "The same task with weight decay in place of the penalty groks too, only later. These are its weights after 80,000 steps: the three digits that count stand out again, but in many neurons instead of a few.",
    figure: "decay",
  },
  {
    id: "floor",
    text: "Probabilities are cut off at 10⁻⁷, as in the published sweep: no loss falls below about that, and no ratio of test to train loss can be larger than some 6 · 10⁷. Without the cut more runs would count as grokking.",
  },
  {
    id: "circle",
    text: "The fixed embedding as points: the 67 numbers in order around a circle, cosine across and sine upward.",
    figure: "circle",
  },
  {
    id: "share",
    text: "The published 450 are what was left of the seeds 0 to 999. That is 45 %, within the interval that these hundred seeds give.",
  },
  {
    id: "mirrors",
    text: "The published sweep of constraints counts a + b and b + a as two sums, of 113 numbers, and shows 30 % of them. Where both numbers share their weights the network cannot tell the two apart, so about 30 % of what it is tested on are mirror images of what it was shown.",
  },
] as const satisfies readonly FootnoteEntry[];

export type FootnoteId = (typeof footnotes)[number]["id"];
