import { serve } from "@hono/node-server";
import { Command } from "commander";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Store } from "../../runs/store.ts";
import { Failure } from "../failures.ts";
import { storeOption, wholeNumber, type StoreFlag } from "../flags.ts";
import { stopSignals } from "../io.ts";
import { serverApp } from "../server/app.ts";
import { pageFiles, pageFolder } from "../server/page-files.ts";
import type { Session } from "../session.ts";
import { withStore } from "../store.ts";
import { UsageError } from "../../options.ts";

interface Flags extends StoreFlag {
  readonly port?: string;
  readonly browser: boolean;
}

/** Where it is looked for first. */
const usualPort = 4715;

export function openCommand(session: Session): Command {
  return new Command("open")
    .description("the web app on this machine's loopback address, with the store attached; Ctrl-C ends it")
    .option("--port <N>", `port to listen on (default: ${usualPort}, or a free one where that is taken)`)
    .option("--no-browser", "only print the address (also where the output is no terminal)")
    .addOption(storeOption())
    .action(async (flags: Flags) => {
      const wanted = flags.port === undefined ? undefined : portOf(flags.port);
      const page = pageFiles(pageFolder());
      await withStore(session, flags.store, (store) => open(session, store, page, wanted, flags));
    });
}

function portOf(text: string): number {
  const port = wholeNumber(text, "--port");
  if (port > 65535) throw new UsageError(`--port: ${port} is no port; give 0 to 65535, 0 for a free one`);
  return port;
}

async function open(
  session: Session,
  store: Store,
  page: ReturnType<typeof pageFiles>,
  wanted: number | undefined,
  { store: where, browser }: Flags,
): Promise<void> {
  let port = 0;
  const app = serverApp({ store, page, token: randomBytes(32).toString("hex"), port: () => port });
  const server = await listen(app.fetch, wanted);
  port = (server.address() as AddressInfo).port;
  const address = `http://127.0.0.1:${port}/`;
  if (wanted === undefined && port !== usualPort) session.note(`port ${usualPort} is taken; another one is used`);
  session.print(address);
  session.note(`the web app with the runs of ${where}; Ctrl-C ends it`);
  if (browser && session.io.stdout.isTTY) showInBrowser(address);
  await new Promise<void>((resolve) => {
    const leave = session.io.onSignal((signal) => {
      leave();
      // Asked to stop is how it ends: a success for Ctrl-C, as with any server.
      session.exitCode = signal === "SIGINT" ? 0 : stopSignals[signal];
      resolve();
    });
  });
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

type Fetch = Parameters<typeof serve>[0]["fetch"];

/** @throws Failure where the wanted port is taken or may not be used */
async function listen(fetch: Fetch, wanted: number | undefined): Promise<Server> {
  try {
    return await listenOn(fetch, wanted ?? usualPort);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (wanted === undefined && (code === "EADDRINUSE" || code === "EACCES")) return listenOn(fetch, 0);
    if (code === "EADDRINUSE") throw new Failure(`open: port ${wanted} is taken; without --port a free one is found`);
    if (code === "EACCES") throw new Failure(`open: port ${wanted} is not permitted to this user; give one above 1023`);
    throw error;
  }
}

function listenOn(fetch: Fetch, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port, hostname: "127.0.0.1" }, () => resolve(server)) as Server;
    server.once("error", reject);
  });
}

/** The system's own way to open an address. That there is none is no reason to stop. */
function showInBrowser(address: string): void {
  const [program, args] =
    process.platform === "darwin"
      ? (["open", [address]] as const)
      : process.platform === "win32"
        ? (["cmd", ["/c", "start", "", address]] as const)
        : (["xdg-open", [address]] as const);
  const child = spawn(program, [...args], { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
}
