/** Version of this package; a test holds it to package.json, which a page cannot read. */
export const version = "0.1.0";

interface NodeProcess {
  readonly versions?: { readonly node?: string };
  readonly arch?: string;
}

/** groklab's version, the engine and its processor, as a run records them: `groklab 0.1.0, Node 20.20.2, x64`. */
export function software(): string {
  const { process, navigator } = globalThis as { process?: NodeProcess; navigator?: { userAgent?: string } };
  const engine = process?.versions?.node
    ? `Node ${process.versions.node}, ${process.arch ?? "unknown processor"}`
    : (navigator?.userAgent ?? "unknown engine");
  return `groklab ${version}, ${engine}`;
}
