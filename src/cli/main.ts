#!/usr/bin/env node
import { holdsPassword } from "../runs/passwords.ts";
import { processIo } from "./io.ts";
import { runCli } from "./program.ts";
import { commandLine } from "./session.ts";

const argv = process.argv.slice(2);
// Other users of the machine can read a process's arguments: from here on these.
if (argv.some(holdsPassword)) process.title = commandLine("groklab", argv);
const code = await runCli(argv, processIo());
// Not process.exit(): what is still being written goes out first.
if (code !== 0) process.exitCode = code;
