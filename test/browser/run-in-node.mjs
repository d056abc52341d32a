// Prints, as JSON, what the bundled report says on this Node's main thread and on a worker thread.
import { pathToFileURL } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

/** @type {string} */
const bundle = isMainThread ? process.argv[2] : workerData;
const { report } = await import(pathToFileURL(bundle).href);

if (isMainThread) {
  const worker = await new Promise((resolve, reject) => {
    const thread = new Worker(new URL(import.meta.url), { workerData: bundle });
    thread.once("message", resolve).once("error", reject);
  });
  console.log(JSON.stringify({ engine: `Node ${process.versions.node}`, main: await report(), worker }));
} else {
  parentPort?.postMessage(await report());
}
