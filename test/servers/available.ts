import { describe, expect, it } from "vitest";
import { findServer, missing } from "../../scripts/lib/servers.mjs";

type Name = Parameters<typeof findServer>[0];

/**
 * Tests that need servers. Where one of them is not installed they are skipped and say so; in CI they fail instead.
 * @param programs such as `postgres`, `redis-server`
 */
export function describeWithServers(name: string, programs: readonly Name[], tests: () => void): void {
  const absent = programs.filter((program) => findServer(program) === undefined);
  if (absent.length === 0) describe(name, tests);
  else if (process.env["CI"]) it(`${name}: finds ${absent.join(", ")}`, () => expect.fail(missing));
  else describe.skip(`${name} (not installed here: ${absent.join(", ")})`, tests);
}
