import { readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../options.ts";
import { FormatError } from "../tensor/formats/format-error.ts";
import { type CheckpointFile, decodeCheckpoint, encodeCheckpoint } from "./checkpoint-file.ts";
import { DamagedError, storeError } from "./errors.ts";
import { type FileSystem, freePath, listFolder, writeWhole } from "./files.ts";

const extension = ".safetensors";

/** `<folder>/<run id>/<step>.safetensors`. @param temporary for unfinished files, on the same disk */
export function checkpointFolder(folder: string, temporary: string, fs: FileSystem) {
  const pathOf = (run: string, step: number) => join(folder, run, `${step}${extension}`);

  /** Ascending. */
  function steps(run: string): readonly number[] {
    return listFolder(join(folder, run))
      .filter((name) => /^\d+\.safetensors$/.test(name))
      .map((name) => Number.parseInt(name, 10))
      .sort((a, b) => a - b);
  }

  function save(file: CheckpointFile): void {
    const path = pathOf(file.run, file.checkpoint.step);
    try {
      writeWhole(fs, path, encodeCheckpoint(file), temporary);
    } catch (error) {
      throw storeError(error, path);
    }
  }

  /** @throws DamagedError, with the file set aside; UsageError where there is none */
  function load(run: string, step: number): CheckpointFile {
    const path = pathOf(run, step);
    try {
      const file = decodeCheckpoint(new Uint8Array(readFileSync(path)));
      if (file.run !== run || file.checkpoint.step !== step) {
        throw new FormatError(`it is of run ${file.run}, step ${file.checkpoint.step}`);
      }
      return file;
    } catch (error) {
      if (error instanceof FormatError || error instanceof SyntaxError) throw setAside(path, error.message);
      if ((error as { code?: string }).code === "ENOENT") {
        const stored = steps(run).join(", ");
        throw new UsageError(
          `run ${run} has no checkpoint at step ${step}; stored: ${stored === "" ? "none" : stored}`,
        );
      }
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

  function remove(run: string): void {
    try {
      fs.rmSync(join(folder, run), { recursive: true, force: true });
    } catch (error) {
      throw storeError(error, join(folder, run));
    }
  }

  /** Runs that have a folder. */
  const runs = (): readonly string[] =>
    listFolder(folder).filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory());

  return { steps, save, load, remove, runs };
}
export type CheckpointFolder = ReturnType<typeof checkpointFolder>;
