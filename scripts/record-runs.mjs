// Makes the recordings that the app is shipped with from a store of runs, after a build:
//
//   npx groklab run modular-addition --store STORE        (and so on: without arguments every needed command is printed)
//   node scripts/record-runs.mjs STORE [NAME…]
//   npx groklab sweep depth-sweep --store STORE
//   node scripts/record-runs.mjs STORE structure          (all depths and seeds that are there; only when it is named)
//
// Prints the size of every file and the largest error of its weights. A run that the store lacks is named with the
// command that makes it.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { main } from "./lib/main.mjs";

const out = "web/public/recordings";

await main(async () => {
  const { built, recordings, commandOf, collect } = await import("./lib/recordings.mjs");
  const [where, ...names] = process.argv.slice(2);
  if (where === undefined) {
    for (const recording of recordings) console.log(`${recording.name.padEnd(32)}${commandOf(recording)}`);
    return;
  }
  const unknown = names.find(
    (name) => name !== "structure" && !recordings.some((recording) => recording.name === name),
  );
  if (unknown) throw new Error(`${unknown}: no such recording; known: ${recordings.map((r) => r.name).join(", ")}`);
  /** @type {typeof import("../src/runs/open-store.ts")} */
  const { openStore } = await built("src/runs/open-store.js");
  /** @type {typeof import("../src/runs/recording/encode.ts")} */
  const { encodeRecordings } = await built("src/runs/recording/encode.js");
  /** @type {typeof import("../src/runs/recording/decode.ts")} */
  const { decodeRecordings } = await built("src/runs/recording/decode.js");
  mkdirSync(out, { recursive: true });
  const store = await openStore(where);
  let missing = 0;
  try {
    for (const recording of recordings) {
      if (names.length > 0 && !names.includes(recording.name)) continue;
      const made = await collect(store, recording);
      if (made.length === 0) {
        missing += 1;
        console.log(`${recording.name}: not in ${where}; make it with: ${commandOf(recording)}`);
        continue;
      }
      const file = join(out, `${recording.name}.rec`);
      const bytes = encodeRecordings(made, { levels: recording.levels });
      writeFileSync(file, bytes);
      const error = largestError(made, decodeRecordings(readFileSync(file)));
      console.log(
        `${file.padEnd(60)}${(bytes.length / 1000).toFixed(1).padStart(8)} kB  ${made.length} run(s), ` +
          `${made[0].evals.length} evaluations, ${made[0].tracks[0]?.steps.length ?? 0} checkpoints, ` +
          `weights to ${(100 * error).toFixed(3)} % of the largest`,
      );
    }
  } finally {
    await store.close();
  }
  if (names.includes("structure")) await recordStructure(where);
  // What there is: a page asks this file first, for a recording may be missing.
  const there = readdirSync(out)
    .filter((file) => file !== "index.json")
    .sort();
  writeFileSync(join(out, "index.json"), `${JSON.stringify(there, null, 2)}\n`);
  const sizes = readdirSync(out).map((file) => statSync(join(out, file)).size);
  console.log(`${sizes.length} files, ${(sizes.reduce((a, b) => a + b, 0) / 1000).toFixed(1)} kB in all`);
  if (missing > 0) throw new Error(`${missing} recordings could not be made`);
});

/** The runs of the depth sweep that a store has to their end, and sentences as they see them. @param {string} where */
async function recordStructure(where) {
  const { built } = await import("./lib/recordings.mjs");
  const { collectStructure } = await import("./lib/structure.mjs");
  /** @type {typeof import("../src/runs/open-store.ts")} */
  const { openStore } = await built("src/runs/open-store.js");
  /** @type {typeof import("../src/runs/recording/encode.ts")} */
  const { encodeRecordings } = await built("src/runs/recording/encode.js");
  /** @type {typeof import("../src/runs/recording/decode.ts")} */
  const { decodeRecordings } = await built("src/runs/recording/decode.js");
  const [runsFile, sentencesFile] = [join(out, "structure.rec"), join(out, "structure-sentences.json")];
  const before = {
    recordings: existsSync(runsFile) ? decodeRecordings(readFileSync(runsFile)) : [],
    sentences: existsSync(sentencesFile) ? JSON.parse(readFileSync(sentencesFile, "utf8")) : [],
  };
  const store = await openStore(where);
  try {
    const { recordings, sentences } = await collectStructure(store, before);
    if (recordings.length === 0)
      throw new Error(`structure: no run of depth-sweep in ${where} has ended with a checkpoint`);
    const bytes = encodeRecordings(recordings);
    writeFileSync(runsFile, bytes);
    writeFileSync(sentencesFile, `${JSON.stringify(sentences)}\n`);
    const depths = [...new Set(recordings.map(({ plan }) => plan.model["nLayers"]))].join(", ");
    console.log(
      `structure: ${recordings.length} run(s) of ${depths} layers, ${bytes.length} bytes, ${sentences.length} sentences`,
    );
  } finally {
    await store.close();
  }
}

/**
 * The largest difference of an entry, as a share of the largest entry of its matrix at that step.
 * @param {readonly import("../src/runs/recording/recording.ts").Recording[]} made
 * @param {readonly import("../src/runs/recording/recording.ts").Recording[]} read
 */
function largestError(made, read) {
  let worst = 0;
  made.forEach((run, r) =>
    run.tracks.forEach((track, t) => {
      const size = track.rows * track.cols;
      const back = read[r].tracks[t].data;
      track.steps.forEach((_, frame) => {
        let [largest, difference] = [0, 0];
        for (let i = frame * size; i < (frame + 1) * size; i++) {
          largest = Math.max(largest, Math.abs(track.data[i]));
          difference = Math.max(difference, Math.abs(track.data[i] - back[i]));
        }
        if (largest > 0) worst = Math.max(worst, difference / largest);
      });
    }),
  );
  return worst;
}
