import Libsql from "libsql";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newFolder } from "../../test/store/folders.ts";
import { planOf, sweepOf, verdictOf } from "../../test/store/samples.ts";
import { openNoting, tenEvals } from "../../test/store/stored.ts";
import { endingColumns, newRow } from "./run-row.ts";
import { evalToJson } from "./series.ts";
import { packEvals } from "./series-blob.ts";

/** The tables as version 1 made them. */
const version1 = `
create table "meta" ("key" text primary key, "value" text not null);
insert into meta values ('application', 'groklab'), ('version', '1');
create table "runs" ("id" text primary key, "group" text not null, "task" text not null, "model" text not null, "seed" bigint not null, "plan" text not null, "status" text not null, "step" bigint not null, "created_at" text not null, "updated_at" text not null, "seconds" real not null, "software" text not null, "last" text, "verdict" text, "label" text, "fit_step" bigint, "generalize_step" bigint, "delay" bigint, "weights_hash" text, "note" text, "lease_owner" text, "lease_expires" real);
create index "runs_group" on "runs" ("group");
create index "runs_task" on "runs" ("task");
create index "runs_model" on "runs" ("model");
create index "runs_status" on "runs" ("status");
create index "runs_label" on "runs" ("label");
create index "runs_generalize_step" on "runs" ("generalize_step");
create index "runs_created_at" on "runs" ("created_at");
create table "series" ("run_id" text not null references "runs" ("id") on delete cascade, "seq" integer not null, "data" blob not null, constraint "series_key" primary key ("run_id", "seq")) without rowid;
`;

/** A store of version 1 with one finished run. */
function storeOfVersion1(): string {
  const folder = newFolder();
  const database = new Libsql(join(folder, "groklab.db"));
  database.exec(version1);
  const row = {
    ...newRow("a-s0", planOf(), "groklab 0.1.0", "2026-11-01T00:00:00.000Z"),
    ...endingColumns({ status: "finished", seconds: 1, verdict: verdictOf("grok"), weightsHash: "sha256:00" }),
    step: 9,
    last: evalToJson(tenEvals[9]),
  };
  const places = Object.keys(row).map(() => "?").join(", "); // prettier-ignore
  const columns = Object.keys(row).map((name) => `"${name}"`).join(", "); // prettier-ignore
  database.prepare(`insert into runs (${columns}) values (${places})`).run([...Object.values(row)]);
  database.prepare("insert into series values (?, ?, ?)").run(["a-s0", 0, packEvals(tenEvals)]);
  database.close();
  return folder;
}

describe("a store of version 1", () => {
  it("is brought up to date with all that it holds, once", async () => {
    const folder = storeOfVersion1();
    for (const times of [1, 2]) {
      const { store, warnings } = await openNoting(folder);
      expect(warnings).toEqual([]);
      expect(await store.list()).toMatchObject([{ id: "a-s0", status: "finished", verdict: { label: "grok" } }]);
      expect(await store.evals("a-s0")).toEqual(tenEvals);
      await store.saveSweep(sweepOf(`mine-${times}`, [0]));
      expect(await store.listSweeps()).toHaveLength(times);
      await store.close();
    }
  });
});
