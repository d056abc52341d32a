export interface SourceEntry {
  readonly id: string;
  readonly authors: string;
  readonly title: string;
  readonly where: string;
  readonly url: string;
}

/** In the order in which the story first cites them. */
export const sources: readonly SourceEntry[] = [
  {
    id: "power2022",
    authors: "Power, Burda, Edwards, Babuschkin, Misra (2022)",
    title: "Grokking: Generalization Beyond Overfitting on Small Algorithmic Datasets",
    where: "arXiv 2201.02177",
    url: "https://arxiv.org/abs/2201.02177",
  },
  {
    id: "pearce2023",
    authors: "Pearce, Ghandeharioun, Hussein, Thain, Wattenberg, Dixon (2023)",
    title: "Do Machine Learning Models Memorize or Generalize?",
    where: "pair.withgoogle.com",
    url: "https://pair.withgoogle.com/explorables/grokking/",
  },
  {
    id: "nanda2023",
    authors: "Nanda, Chan, Lieberum, Smith, Steinhardt (2023)",
    title: "Progress measures for grokking via mechanistic interpretability",
    where: "arXiv 2301.05217",
    url: "https://arxiv.org/abs/2301.05217",
  },
  {
    id: "barak2022",
    authors: "Barak, Edelman, Goel, Kakade, Malach, Zhang (2022)",
    title: "Hidden Progress in Deep Learning: SGD Learns Parities Near the Computational Limit",
    where: "arXiv 2207.08799",
    url: "https://arxiv.org/abs/2207.08799",
  },
  {
    id: "merrill2023",
    authors: "Merrill, Tsilivis, Shukla (2023)",
    title: "A Tale of Two Circuits: Grokking as Competition of Sparse and Dense Subnetworks",
    where: "arXiv 2303.11873",
    url: "https://arxiv.org/abs/2303.11873",
  },
  {
    id: "loshchilov2019",
    authors: "Loshchilov, Hutter (2019)",
    title: "Decoupled Weight Decay Regularization",
    where: "arXiv 1711.05101",
    url: "https://arxiv.org/abs/1711.05101",
  },
  {
    id: "liu2022",
    authors: "Liu, Kitouni, Nolte, Michaud, Tegmark, Williams (2022)",
    title: "Towards Understanding Grokking: An Effective Theory of Representation Learning",
    where: "arXiv 2205.10343",
    url: "https://arxiv.org/abs/2205.10343",
  },
  {
    id: "zhong2023",
    authors: "Zhong, Liu, Tegmark, Andreas (2023)",
    title: "The Clock and the Pizza: Two Stories in Mechanistic Explanation of Neural Networks",
    where: "arXiv 2306.17844",
    url: "https://arxiv.org/abs/2306.17844",
  },
  {
    id: "gromov2023",
    authors: "Gromov (2023)",
    title: "Grokking modular arithmetic",
    where: "arXiv 2301.02679",
    url: "https://arxiv.org/abs/2301.02679",
  },
  {
    id: "davies2023",
    authors: "Davies, Langosco, Krueger (2023)",
    title: "Unifying Grokking and Double Descent",
    where: "arXiv 2303.06173",
    url: "https://arxiv.org/abs/2303.06173",
  },
  {
    id: "varma2023",
    authors: "Varma, Shah, Kenton, Kramár, Kumar (2023)",
    title: "Explaining grokking through circuit efficiency",
    where: "arXiv 2309.02390",
    url: "https://arxiv.org/abs/2309.02390",
  },
  {
    id: "murty2023",
    authors: "Murty, Sharma, Andreas, Manning (2023)",
    title: "Grokking of Hierarchical Structure in Vanilla Transformers",
    where: "arXiv 2305.18741",
    url: "https://arxiv.org/abs/2305.18741",
  },
  {
    id: "mccoy2020",
    authors: "McCoy, Frank, Linzen (2020)",
    title: "Does Syntax Need to Grow on Trees? Sources of Hierarchical Inductive Bias in Sequence-to-Sequence Networks",
    where: "arXiv 2001.03632",
    url: "https://arxiv.org/abs/2001.03632",
  },
];
