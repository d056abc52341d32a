import { readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../options.ts";
import { FormatError } from "../tensor/formats/format-error.ts";
import { type CheckpointFile, decodeCheckpoint, encodeCheckpoint } from "./checkpoint-file.ts";
import { DamagedError, storeError } from "./errors.ts";
import { type FileSystem, freePath, listFolder, writeWhole } from "./files.ts";

const extension = ".safetensors";

/** The name, in place of a step, of the checkpoint that is only kept to go on from. */
const resume = "resume";

/** `<folder>/<run id>/<step>.safetensors`, and `resume.safetensors`. @param temporary for unfinished files, on the same disk */
export function checkpointFolder(folder: string, temporary: string, fs: FileSystem) {
  const pathOf = (run: string, step: number | typeof resume) => join(folder, run, `${step}${extension}`);

  /** Ascending. */
  function steps(run: string): readonly number[] {
    return listFolder(join(folder, run))
      .filter((name) => /^\d+\.safetensors$/.test(name))
      .map((name) => Number.parseInt(name, 10))
      .sort((a, b) => a - b);
  }

  function write(file: CheckpointFile, as: number | typeof resume): void {
    const path = pathOf(file.run, as);
    try {
      writeWhole(fs, path, encodeCheckpoint(file), temporary);
    } catch (error) {
      throw storeError(error, path);
    }
  }

  /** @throws DamagedError, with the file set aside; UsageError where there is none */
  function load(run: string, step: number): CheckpointFile {
    const file = read(run, step);
    if (file) return file;
    const stored = steps(run).join(", ");
    throw new UsageError(`run ${run} has no checkpoint at step ${step}; stored: ${stored === "" ? "none" : stored}`);
  }

  /** Undefined where there is none. */
  function read(run: string, as: number | typeof resume): CheckpointFile | undefined {
    const path = pathOf(run, as);
    try {
      const file = decodeCheckpoint(new Uint8Array(readFileSync(path)));
      if (file.run !== run || (as !== resume && file.checkpoint.step !== as)) {
        throw new FormatError(`it is of run ${file.run}, step ${file.checkpoint.step}`);
      }
      return file;
    } catch (error) {
      if (error instanceof FormatError || error instanceof SyntaxError) throw setAside(path, error.message);
      if ((error as { code?: string }).code === "ENOENT") return undefined;
      throw storeError(error, path);
    }
  }

  /** Renames the file where that may be done. */
  function setAside(path: string, why: string): DamagedError {
    const aside = freePath(`${path}.damaged`);
    try {
      renameSync(path, aside);
      return new DamagedError(path, why, aside);
    } catch {
      return new DamagedError(path, why);
    }
  }

  const remove = (run: string): void => removePath(join(folder, run));

  function removePath(path: string): void {
    try {
      fs.rmSync(path, { recursive: true, force: true });
    } catch (error) {
      throw storeError(error, path);
    }
  }

  /** Runs that have a folder. */
  const runs = (): readonly string[] =>
    listFolder(folder).filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory());

  return {
    steps,
    save: (file: CheckpointFile): void => write(file, file.checkpoint.step),
    load,
    remove,
    runs,
    saveResume: (file: CheckpointFile): void => write(file, resume),
    /** @throws DamagedError, with the file set aside */
    loadResume: (run: string) => read(run, resume),
    removeResume: (run: string): void => removePath(pathOf(run, resume)),
  };
}
export type CheckpointFolder = ReturnType<typeof checkpointFolder>;
