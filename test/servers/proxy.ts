import { connect, createServer, type Socket } from "node:net";

/** A way to a server that breaks when it is told to. */
export interface Proxy {
  readonly port: number;
  /** What clients have sent so far, in pieces: a query is one or a few. */
  sent(): number;
  /**
   * Breaks the connection at so many pieces from now: without handing the piece on, or when its answer comes, which is
   * never heard.
   */
  breakAt(pieces: number, heard: boolean): void;
  close(): Promise<void>;
}

export async function startProxy(serverPort: number): Promise<Proxy> {
  let sent = 0;
  let breaking: { readonly at: number; readonly heard: boolean } | undefined;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(serverPort, "127.0.0.1");
    const cut = () => {
      client.destroy();
      upstream.destroy();
    };
    let deaf = false;
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on("error", cut);
      socket.on("close", () => {
        open.delete(socket);
        cut();
      });
    }
    client.on("data", (piece) => {
      if (sent++ !== breaking?.at) upstream.write(piece);
      else if (breaking.heard) {
        deaf = true;
        upstream.write(piece);
      } else cut();
    });
    upstream.on("data", (piece) => (deaf ? cut() : client.write(piece)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    sent: () => sent,
    breakAt: (pieces, heard) => (breaking = { at: sent + pieces, heard }),
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
