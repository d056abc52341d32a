/**
 * groklab as a library: train small networks until they grok, and say what each run did. The same seed gives the same
 * bits everywhere.
 *
 * ```js
 * import { contextOf, judge, plan, setUp, train } from "groklab";
 *
 * const made = plan({
 *   task: { name: "modular-addition", p: 11 },
 *   model: { name: "factored", dModel: 32, dMlp: 16 },
 *   optimizer: { name: "adamw", learningRate: 0.01 },
 *   training: { steps: 300, evalEvery: 50 },
 * });
 * const evals = [];
 * for (const { step, train: known, test, normL1, normL2 } of train(made)) {
 *   evals.push({ step, train: known, test, normL1, normL2 });
 * }
 * const { label, reasons } = judge(evals, contextOf(made, setUp(made).task, { finished: true }));
 * console.log(label, reasons);
 * ```
 *
 * @module
 */

// Options: declared once, checked everywhere.
export { bool, choice, data, float, int, ints, text, UsageError, type Field, type Fields, type Value, type Values } from "./options.ts"; // prettier-ignore

// What can be put together, and how to add to it.
export { experiments, sweeps } from "../experiments/index.ts";
export { models } from "./models/index.ts";
export { fromPublished, isPublished, toPublished, type Imported } from "./models/transformer-published.ts";
export { defineModel, untapped, type ModelDefinition, type Tap } from "./models/model.ts";
export { optimizers } from "./optim/index.ts";
export { defineOptimizer, type OptimizerDefinition, type UpdateContext } from "./optim/optimizer.ts";
export { tasks } from "./tasks/index.ts";
export { defineTask, type Inputs, type Task, type TaskDefinition } from "./tasks/task.ts";
export { sequenceInputs, sequencesOf, type Probes, type ScoredSet, type SequenceInputs, type Sequences } from "./tasks/sequences.ts"; // prettier-ignore
export { splitTask, type Split } from "./tasks/split.ts";

// From an experiment to evaluations.
export { plan, runId, withOption, withOptions } from "./train/plan.ts";
export { setUp, type Setup } from "./train/setup.ts";
export { train, type Moment, type TrainOptions } from "./train/train.ts";
export { importPublished, type ImportedNetwork } from "./train/imported.ts";
export type { Checkpoint } from "./train/checkpoint.ts";
export type { Eval, Measures, Score } from "./train/eval.ts";
export type { Experiment, Plan } from "./train/experiment.ts";
export { expand, sweepId, type Axis, type AxisPoint, type Expansion, type Sweep, type SweepRun } from "./train/sweep.ts"; // prettier-ignore
export { parseSeeds, withSeeds, withSettings } from "./train/sweep-changes.ts";

// What a run did.
export { agreement, canStillChange, checkClaims, claim, contextOf, definePolicy, judge, phaseNow, policies } from "./verdict/index.ts"; // prettier-ignore
export type { Claim, ClaimResult, Context, Label, Phase, PhaseName, PolicyDefinition, Verdict } from "./verdict/index.ts"; // prettier-ignore
export { readWideCsv, type ReadCurve } from "./verdict/reference-curves.ts";
export { earlyStopTable, stopRules, type EarlyStop, type StopRule } from "./verdict/early-stopping.ts";
export { trajectory, type Trajectory } from "./verdict/trajectory.ts";
export { defineExperiment, defineSweep, type DeclaredExperiment, type DeclaredSweep } from "./verdict/declared.ts";

// What the runs of a sweep did, seeds taken together.
export { checkSweepClaims, findVaried, fitLaw, lawAt, lawText, pairClassOf, runsInCells, sweepClaim, sweepTable, timedPoints } from "./verdict/index.ts"; // prettier-ignore
export type { Extremes, Law, LawForm, SettingRow, Spread, SweepClaim, SweepTable, SweptRun, Timed, Varied } from "./verdict/index.ts"; // prettier-ignore

// Pictures of runs, and the page that tells the story of one.
export { runFigures, type RunFigure, type RunSubject } from "./figures/run-figures.ts";
export { runGallery } from "./figures/run-gallery.ts";
export { trainingCurves } from "./figures/training-curves.ts";
export { themes, themeVariables, type Theme } from "./figures/svg/index.ts";
export { report, type ReportOptions } from "./figures/report/report.ts";
export { cellCurves, type CurvedRun } from "./figures/cell-curves.ts";
export { attentionMaps } from "./figures/language/attention-maps.ts";
export { constructionCurves } from "./figures/language/construction-curves.ts";
export { generalizationCurves, type ReferenceCurve } from "./figures/language/generalization-curves.ts";
export { bracketed, sentenceTrees } from "./figures/language/sentence-trees.ts";
export { structurePanels } from "./figures/language/structure-panels.ts";
export { questionFormationFloor, trainingLoss } from "./figures/language/training-loss.ts";
export { seedCurves } from "./figures/seed-curves.ts";
export { shareBars } from "./figures/share-bars.ts";
export { sweepFigures, type SweepFigure, type SweepSubject } from "./figures/sweep-figures.ts";
export { timeScatter } from "./figures/time-scatter.ts";
export { verdictMap } from "./figures/verdict-map.ts";

// What is kept of it.
export { openStore, type OpenOptions } from "./runs/open-store.ts";
export { recordRun, type Recorded, type RecordOptions } from "./runs/record.ts";
export { BusyError, DamagedError, StoreError } from "./runs/errors.ts";
export type { RunQuery, RunRecord, RunStatus, Store, SweepRecord } from "./runs/store.ts";
export { readSwept, type StoredRun } from "./runs/swept.ts";
export { decodeRecordings } from "./runs/recording/decode.ts";
export { encodeRecordings } from "./runs/recording/encode.ts";
export type { Recording, RecordedVerdict } from "./runs/recording/recording.ts";
export type { Track } from "./runs/recording/track.ts";

// Many of them.
export { runSweep, type RunEnd, type RunSweepOptions, type SweepState } from "./workers/run-sweep.ts";

// Language: sentences, their trees, the trees that a network puts on them, and how well two trees agree.
export { baselines, brackets, parseval, randomTree } from "./analyses/trees/brackets.ts";
export { chartAt, spanChart, type SpanChart, type States } from "./analyses/trees/chart.ts";
export {
  exactTree,
  greedyTree,
  randomTreeValue,
  treeScore,
  treeValue,
  type Comparison,
} from "./analyses/trees/projection.ts";
export {
  explainLanguage,
  type CheckpointMeasures,
  type LanguageExplanation,
  type SentenceView,
} from "./analyses/language/explain-language.ts";
export { attentionSparsity, type Sparsity } from "./analyses/language/attention-sparsity.ts";
export { depthChoices, spearman, type DepthChoice, type MeasuredRun } from "./analyses/language/depth-choice.ts";
export { headEffects, type HeadEffect } from "./analyses/language/head-effects.ts";
export { languageReader, type LanguageModel, type LanguageReader } from "./analyses/language/language-model.ts";
export { deadDecoder, weightNorms, type WeightNorms } from "./analyses/language/published-norm.ts";
export { minimalPairs, ruleVerdict, type RuleScore, type RuleVerdict } from "./analyses/language/rule.ts";
export { readSentences, type ReadSentence } from "./analyses/language/sentences.ts";
export {
  languageSets,
  type AskedQuestion,
  type LanguageSets,
  type QuestionGroup,
  type QuestionSet,
  type SentenceKind,
} from "./analyses/language/sets.ts";
export { treeScores, type Parsevals, type TreeScores } from "./analyses/language/tree-scores.ts";
export { parse, type Tree } from "./tasks/language/parse.ts";

// How it works.
export { activeFrequencies, type ActiveFrequencyRows } from "./analyses/active-frequencies.ts";
export { defineAnalysis, type Analysis, type AnalysisDefinition } from "./analyses/analysis.ts";
export type { BitNetwork } from "./analyses/bit-network.ts";
export { chartOf, chartsOf, inChart, type Chart, type Operation } from "./analyses/charts.ts";
export { circuit, type Circuit, type FrequencyGroup, type Neuron } from "./analyses/circuit.ts";
export { collapse, networkOf } from "./analyses/collapse.ts";
export { constructed, constructedNetwork, type ConstructedRows } from "./analyses/constructed.ts";
export { normsOf, type Course } from "./analyses/course.ts";
export { explainBits, type BitExplanation } from "./analyses/explain-bits.ts";
export { explainNetwork, type NetworkExplanation } from "./analyses/explain-network.ts";
export type { Explained, Explanation } from "./analyses/explanation.ts";
export { harmonics, type HarmonicRows } from "./analyses/harmonics.ts";
export { analyses } from "./analyses/index.ts";
export { interference, pairLogits, type InterferenceRows, type PairLogits } from "./analyses/interference.ts";
export { logitFit, type LogitFitRows } from "./analyses/logit-fit.ts";
export type { Mechanism } from "./analyses/mechanism.ts";
export type { Examples, Matrix, Network } from "./analyses/network.ts";
export { parity, type ParityRows } from "./analyses/parity.ts";
export { progress, type ProgressRow, type ProgressRows } from "./analyses/progress.ts";
export { rebuilt, type RebuildRows } from "./analyses/rebuild.ts";
export { recognize, type Recognized } from "./analyses/recognize.ts";
export { inferSplit, type SplitInference } from "./analyses/split-inference.ts";
export { stagesOf, type Stage, type StageRows } from "./analyses/stages.ts";
export { spectrum, type SpectrumRows } from "./analyses/spectrum.ts";
export { subjectOf, type Subject } from "./analyses/subject.ts";
export { weightTrajectories, type TrajectoryRows } from "./analyses/weight-trajectories.ts";

// Weights, and the files they are kept in.
export { exportArrays, importArrays, type NamedArray, type NamedArrays, type Params, type Tensor } from "./tensor/index.ts"; // prettier-ignore
export { decodeNpy, encodeNpy } from "./tensor/formats/npy.ts";
export { decodeNpz, encodeNpz } from "./tensor/formats/npz.ts";
export { decodeSafetensors, encodeSafetensors, type Safetensors } from "./tensor/formats/safetensors.ts";
export { FormatError } from "./tensor/formats/format-error.ts";
export { weightsHash } from "./tensor/formats/weights-hash.ts";
