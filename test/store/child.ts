// One process of its own, for tests of what several do to one store and of what is left when one is killed.
//   append <folder> <run>    stores evaluations and checkpoints for ever; each line of output is on the disk by then
//   claim <folder> <run>     waits for a line of input, claims, answers `won` or `busy`, holds the run until input ends
//   fill <folder> <run>      as append, until storing fails; prints the error's name and message
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { BusyError } from "../../src/runs/errors.ts";
import { openFolderStore } from "../../src/runs/folder-store.ts";
import { checkpointAt, evalAt, planOf } from "./samples.ts";

const [command, folder = "", run = ""] = process.argv.slice(2);
const say = (line: string) => writeSync(1, `${line}\n`);

async function append(): Promise<void> {
  const store = await openFolderStore(folder);
  const claim = await store.claim(run, planOf());
  const from = (await store.evals(run)).length;
  for (let step = from; ; step++) {
    await store.append(claim, [evalAt(step)]);
    say(`eval ${step}`);
    if (step % 50 === 49) {
      await store.saveCheckpoint(claim, checkpointAt(step));
      say(`checkpoint ${step}`);
    }
  }
}

async function claim(): Promise<void> {
  const store = await openFolderStore(folder);
  const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  say("ready");
  await input.next();
  try {
    await store.claim(run, planOf());
    say("won");
  } catch (error) {
    say(error instanceof BusyError ? "busy" : String(error));
  }
  await input.next();
  await store.close();
}

async function fill(): Promise<void> {
  try {
    await append();
  } catch (error) {
    say(`${(error as Error).name}: ${(error as Error).message}`);
  }
}

const commands: Readonly<Record<string, () => Promise<void>>> = { append, claim, fill };
await commands[command ?? ""]?.();
