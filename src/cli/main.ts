#!/usr/bin/env node
import { processIo } from "./io.ts";
import { runCli } from "./program.ts";

const code = await runCli(process.argv.slice(2), processIo());
// Not process.exit(): what is still being written goes out first.
if (code !== 0) process.exitCode = code;
