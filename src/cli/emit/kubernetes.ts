import { stringify } from "yaml";
import { version } from "../../runs/software.ts";
import { type ArrayJob, jobName, whatItDoes } from "./script.ts";

/** Where the container finds what all parts share. */
const sharedFolder = "/groklab";
const filesFolder = "/groklab-sweep";

/** An Indexed Job for `kubectl apply`: one pod for each part; with the sweep's file as a ConfigMap. */
export function kubernetesManifest(job: ArrayJob, secret: boolean): string {
  const name = jobName(job.chosen);
  const { file } = job;
  const inContainer = (word: string, i: number): string =>
    file !== undefined && i === 1 ? `${filesFolder}/${file.name}` : word;
  // The program is fetched, so that a plain image of Node is enough.
  const words = job.command.map(inContainer);
  const args = ["--yes", `groklab@${version}`, ...words, "--workers", String(job.workers), "--shard", `/${job.shards}`];
  const cpu = String(job.workers);
  const container = {
    name: "groklab",
    image: "node:22-slim",
    command: ["npx", ...args],
    workingDir: sharedFolder,
    resources: { requests: { cpu, memory: "1Gi" }, limits: { cpu, memory: "4Gi" } },
    ...(secret && { env: [{ name: "PGPASSWORD", valueFrom: { secretKeyRef: { name: "groklab", key: "password" } } }] }),
    volumeMounts: [
      { name: "shared", mountPath: sharedFolder },
      ...(file ? [{ name: "sweep", mountPath: filesFolder, readOnly: true }] : []),
    ],
  };
  const manifest = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name },
    spec: {
      completionMode: "Indexed",
      completions: job.shards,
      parallelism: job.shards,
      // A part whose pod is killed or evicted is started again, and goes on where it was.
      backoffLimit: 6 * job.shards,
      template: {
        spec: {
          restartPolicy: "OnFailure",
          terminationGracePeriodSeconds: 120,
          containers: [container],
          volumes: [
            { name: "shared", persistentVolumeClaim: { claimName: "groklab" } },
            ...(file ? [{ name: "sweep", configMap: { name } }] : []),
          ],
        },
      },
    },
  };
  const map = file && {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name },
    data: { [file.name]: file.text },
  };
  const head = `# ${whatItDoes(job)}: kubectl apply -f THIS-FILE
# Needs a volume that many pods can write at once (ReadWriteMany), claimed as "groklab": the store lies there.
${secret ? '# The password is not written here: it is read from the secret "groklab", key "password".\n' : ""}`;
  return head + [map, manifest].filter((part) => part !== undefined).map((part) => stringify(part)).join("---\n"); // prettier-ignore
}
