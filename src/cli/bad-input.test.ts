import fc from "fast-check";
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { experiments } from "../../experiments/index.ts";
import { chooseExperiment } from "./experiments.ts";
import { explain } from "./failures.ts";
import { Place } from "./testing/io.ts";
import { tiny, tinyJson } from "./testing/tiny.ts";

let place: Place;
beforeAll(() => {
  place = new Place();
  place.file("tiny.json", tinyJson);
  place.file("broken.json", '{\n  "task": { "name": "sparse-parity", }\n}');
  place.file("list.json", "[1, 2]");
  place.file("twice.json", '{ "seed": 1,\n "seed": 2 }');
  place.file("misspelt.json", JSON.stringify({ ...tiny, trainning: {} }));
  place.file("value.json", JSON.stringify({ ...tiny, training: { steps: "many" } }));
  place.file("option.json", JSON.stringify({ ...tiny, model: { name: "bit-mlp", dMpl: 8 } }));
  place.file("nameless.json", JSON.stringify({ ...tiny, model: {} }));
  place.file("unfit.json", JSON.stringify({ ...tiny, model: { name: "factored" } }));
  place.file("binary.json", Uint8Array.of(0xff, 0xfe, 0));
  place.file("deep.json", "[".repeat(100_000));
  place.file("bad.csv", "1,2,0\n1,two,1\n");
  place.file("uneven.csv", "1,2,0\n1,1\n");
  mkdirSync(join(place.folder, "folder.json"));
});
afterAll(() => place.remove());

/** Wrong calls with the line they get. */
const known = experiments.map(({ name }) => name).join(", ");
const wrong: readonly (readonly [call: string, line: string])[] = [
  // Commands and flags.
  [
    "rnu quick",
    'unknown command "rnu"; known: run, sweep, verify, worker, list, show, explain, export, figure, open, store, bench; did you mean "run"?',
  ],
  [
    "launch",
    'unknown command "launch"; known: run, sweep, verify, worker, list, show, explain, export, figure, open, store, bench',
  ],
  ["run quick --sede 3", 'run: unknown flag --sede; known: --seed, --set, --data, --steps, --until, --hold, --policy, --stop-after, --fresh, --store, --json, --debug, --help; did you mean "--seed"?'], // prettier-ignore
  ["run quick --weightDecay 0", "run: unknown flag --weightDecay; did you mean --set weightDecay=VALUE?"],
  ["list --jsn", 'list: unknown flag --jsn; known: --store, --json, --limit, --debug, --help; did you mean "--json"?'],
  [
    "show run --bad",
    "show: unknown flag --bad; known: --policy, --by, --where, --sort, --store, --json, --debug, --help",
  ],
  ["run quick --seed", "run: --seed <N> needs a value"],
  ["run quick five-neurons", "run: too many arguments: expected 1 argument but got 2"],
  ["show", "show: give a run; show --help shows how"],
  ["verify", "verify: give an experiment; verify --help shows how"],
  ["export x", "export: --out <PATH> is missing; export --help shows how"],
  // Experiments and files.
  ["run quik", `unknown experiment "quik"; known: ${known}; did you mean "quick"?`], // prettier-ignore
  ["run everything", `unknown experiment "everything"; known: ${known}; or give a file.json that holds an experiment`], // prettier-ignore
  ["run missing.json", "missing.json cannot be read: it does not exist"],
  ["run folder.json", "folder.json cannot be read: it is a folder"],
  ["run tiny.json/x.json", "tiny.json/x.json cannot be read: a part of its path is not a folder"],
  ["run binary.json", "binary.json is not text in UTF-8"],
  ["run broken.json", 'broken.json, line 2, column 38: expected a name in quotes, found "}"'],
  ["run deep.json", "deep.json, line 1, column 34: more than 32 brackets inside each other"],
  ["run list.json", "list.json, line 1, column 1: give an object with task, model and optimizer"],
  ["run twice.json", 'twice.json, line 2, column 2: "seed" is given twice'],
  ["run misspelt.json", 'misspelt.json: experiment.trainning: unknown; known: training, optimizer, model, task, split, seed; did you mean "training"?'], // prettier-ignore
  ["run value.json", 'value.json: training.steps: "many" is not allowed; give a whole number from 0 to 1000000000'],
  ["run option.json", 'option.json: model.dMpl: unknown; known: dMlp, init, initScale; did you mean "dMlp"?'],
  ["run nameless.json", 'nameless.json: model: give an object with a name, such as { "name": "…" }'],
  ["run unfit.json", "unfit.json: model factored: takes tokens, but task sparse-parity gives bits"],
  // Options of the experiment.
  ["run tiny.json --seed three", 'seed: "three" is not allowed; give a whole number from 0 to 9007199254740991'],
  ["run tiny.json --seed -1", 'seed: "-1" is not allowed; give a whole number from 0 to 9007199254740991'],
  ["run tiny.json --steps 1.5", 'training.steps: "1.5" is not allowed; give a whole number from 0 to 1000000000'],
  ["run tiny.json --set weightDecay", '--set "weightDecay": give key=value, such as --set optimizer.weightDecay=0.1'],
  ["run tiny.json --set =1", '--set "=1": give key=value, such as --set optimizer.weightDecay=0.1'],
  ["run tiny.json --set weightDecay=-1", 'optimizer.weightDecay: "-1" is not allowed; give a number of at least 0'],
  ["run tiny.json --set optimizer.weigthDecay=1", 'unknown option "optimizer.weigthDecay"'],
  ["run tiny.json --set training.precision=float16", 'training.precision: "float16" is not allowed; give one of float32, float64; did you mean "float32"?'], // prettier-ignore
  ["run tiny.json --set task=sparse-party", 'unknown task "sparse-party"; known: '],
  ["run tiny.json --set k=9", "task.k: 9 is not allowed with 8 bits; give a whole number from 1 to 8"],
  ["run tiny.json --data bad.csv", "--data: task sparse-parity takes no data; choose one that does with --set task=dataset or --set task=operation-table"], // prettier-ignore
  ["run tiny.json --set task=dataset --data none.csv", "none.csv cannot be read: it does not exist"],
  ["run tiny.json --set task=dataset --data bad.csv", 'bad.csv, line 2, column 2: "two" is not allowed; give a whole number from 0 to 65535'], // prettier-ignore
  ["run tiny.json --set task=dataset --data uneven.csv", "uneven.csv, line 2: 2 numbers, where line 1 has 3; rows must be equally long"], // prettier-ignore
  // Stopping.
  ["run tiny.json --until soon", '--until "soon": give verdict, or a comparison in quotes, such as "accuracy>=0.99" or "train.loss<1e-6"'], // prettier-ignore
  ["run tiny.json --until acuracy>=1", '--until "acuracy>=1": unknown acuracy; known: train.loss, train.accuracy, test.loss, test.accuracy, normL1, normL2, accuracy, loss, verdict; did you mean "accuracy"?'], // prettier-ignore
  ["run tiny.json --until accuracy>=high", '--until "accuracy>=high": give verdict, or a comparison in quotes'],
  ["run tiny.json --until accuracy>=1 --hold 0", "--hold: 0 is not allowed; give a whole number of at least 1"],
  ["run tiny.json --hold many", '--hold: "many" is not allowed; give a whole number of at least 0'],
  ["run tiny.json --stop-after soon", '--stop-after: "soon" is not a length of time; give seconds, or 90s, 5min, 2h'],
  ["run tiny.json --stop-after 0", '--stop-after: "0" is not a length of time; give seconds, or 90s, 5min, 2h'],
  ["run tiny.json --policy pear", 'unknown policy "pear"; known: accuracy, pair, liu, power, muon, plateau, playground, crossing; did you mean "pair"?'], // prettier-ignore
  ["run --seed 3", "run: which experiment? give a name or a file.json; groklab run alone lists the names"],
  // Other commands.
  ["verify tiny.json", "verify tiny.json: a file claims nothing; give the name of a declared experiment, or all"],
  ["verify quikc", 'unknown experiment "quikc"; known: '],
  ["list expriments", 'cannot list "expriments"; known: experiments, sweeps, tasks, models, optimizers, policies, options, figures, runs; did you mean "experiments"?'], // prettier-ignore
  ["list toString", 'cannot list "toString"; known: '],
  ["list tasks sparse-party", 'unknown task "sparse-party"; known: '],
  ["list policies pear", 'unknown policy "pear"; known: '],
  ["list runs last", "list runs: takes no name; groklab show last shows one run"],
  ["list runs --limit all", '--limit: "all" is not allowed; give a whole number of at least 0'],
  ["show last", "no run is stored in .groklab; groklab run makes one, --store names another place"],
  ["export last --out x.csv", "no run is stored in .groklab; groklab run makes one, --store names another place"],
  ["show last --store s3://x", 'store "s3://x": give a folder such as .groklab, postgres://…, or memory:'],
  ["figure last --out x.gif", "--out x.gif: give a name that ends in .svg or .png"],
  ["figure last", "figure: --out is missing; give a FILE.svg or FILE.png, or -"],
  ["figure last starts --out x.svg", 'unknown figure "starts"; known: training-curves'],
  ["figure last stars --out x.svg --a 3", "--a: the figure stars is not of one pair"],
  ["figure last progress --out x.svg --step 3", "--step: the figure progress is not of one step"],
  ["figure circle-sum --out x.svg --set modulos=12", "circle-sum.modulos: unknown; known: neurons, modulus"],
  [
    "figure circle-sum --out x.svg --theme drak",
    '--theme: "drak" is not allowed; give light or dark; did you mean "dark"?',
  ],
  ["figure circle-sum --out x.svg --a 67", "a: 67 is not allowed; give a whole number from 0 to 66"],
  ["bench --blocks 0", "--blocks: 0 is not allowed; give a whole number of at least 1"],
];

describe("a wrong call", () => {
  it.each(wrong)("groklab %s: one line, exit 2", async (call, line) => {
    const before = readdirSync(place.folder);
    const { code, stdout, stderr } = await place.call(call.split(" "));
    expect(stderr).toMatch(/^groklab: [^\n]+\n$/);
    expect(stderr.slice("groklab: ".length, -1).startsWith(line)).toBe(true);
    expect(stdout).toBe("");
    expect(code).toBe(2);
    // Nothing half-written is left, not even an empty store.
    expect(readdirSync(place.folder)).toEqual(before);
  });

  it("with a line break in it still gets one line", async () => {
    const { stderr } = await place.call(["run", "tiny.json", "--set", "a\nb\x1b[2J=1"]);
    // eslint-disable-next-line no-control-regex -- what must not reach a terminal
    expect(stderr).toMatch(/^groklab: unknown option "a\\nb\\u001b\[2J"; known: [^\n\x1b]*\n$/);
  });
});

describe("a store that cannot be used", () => {
  it("is named, and the call exits 1", async () => {
    const { code, stderr } = await place.call(["run", "tiny.json", "--store", "tiny.json"]);
    expect(stderr).toMatch(/^groklab: \S*tiny\.json: is not a folder, or lies under something that is not one\n$/);
    expect(code).toBe(1);
  });

  it.skipIf(process.getuid?.() === 0)("may be read-only (skipped for root, to whom nothing is)", async () => {
    const folder = join(place.folder, "closed");
    mkdirSync(folder);
    chmodSync(folder, 0o500);
    const { code, stderr } = await place.call(["run", "tiny.json", "--store", "closed"]);
    expect(stderr).toMatch(/^groklab: \S*closed: cannot be written: read-only, or not permitted to this user\n$/);
    expect(code).toBe(1);
  });

  it("is not made by looking into it", async () => {
    for (const call of ["list", "list runs", "show x", "export x --out y.csv"]) await place.call(call.split(" "));
    expect(existsSync(join(place.folder, ".groklab"))).toBe(false);
  });

  it("is not made in a folder of other things by looking into it", async () => {
    const before = readdirSync(place.folder);
    for (const call of ["show last", "show x", "export x --out y.csv", "figure x --out y.svg"]) {
      const { code, stderr } = await place.call([...call.split(" "), "--store", "."]);
      expect(stderr).toBe("groklab: no run is stored in .; groklab run makes one, --store names another place\n");
      expect(code).toBe(2);
    }
    expect((await place.call(["list", "runs", "--store", "."])).code).toBe(0);
    expect(readdirSync(place.folder)).toEqual(before);
  });

  it("is looked into where only its checkpoints are left", async () => {
    await place.call(["run", "tiny.json", "--store", "left"]);
    rmSync(join(place.folder, "left", "groklab.db"));
    expect((await place.call(["show", "last", "--store", "left"])).code).toBe(0);
  });
});

describe("random input", () => {
  /** Accepted, or refused in one clear line. */
  const refusedClearly = (work: () => unknown): void => {
    try {
      work();
    } catch (error) {
      const { message, code, known } = explain(error);
      expect({ message, known, code }).toEqual({ message: expect.stringMatching(/^[^\n]+$/), known: true, code: 2 });
    }
  };
  const keys = fc.oneof(
    fc.constantFrom("seed", "task", "model", "optimizer", "k", "steps", "training.evalEvery", "precision", "dMlp", "evalAt", "__proto__", "task.toString"), // prettier-ignore
    fc.string(),
  );
  const texts = fc.oneof(
    fc.constantFrom("", " ", "0", "-1", "1e309", "NaN", "true", "float64", "factored", "dataset", "1,2", ",", "0x10"),
    fc.string({ unit: "binary" }),
    fc.double().map(String),
  );

  it("in --set is accepted or refused in one line", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, texts), { minLength: 1, maxLength: 3 }), (pairs) => {
        refusedClearly(() =>
          chooseExperiment("tiny.json", { set: pairs.map(([key, text]) => `${key}=${text}`) }, place.folder),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("in an experiment file is accepted or refused in one line", () => {
    const file = (content: string | Uint8Array) =>
      refusedClearly(() => chooseExperiment(place.file("fuzz.json", content), {}, place.folder));
    fc.assert(
      fc.property(fc.json(), (content) => file(content)),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (content) => file(content)),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (content) => file(content)),
      { numRuns: 100 },
    );
    // A good file with a stretch cut out or replaced.
    const cut = fc.tuple(fc.nat(tinyJson.length), fc.nat(10), fc.string({ maxLength: 8 }));
    fc.assert(
      fc.property(cut, ([at, length, put]) => file(tinyJson.slice(0, at) + put + tinyJson.slice(at + length))),
      { numRuns: 500 },
    );
    // Right names with any value.
    const values = fc.record({
      ...Object.fromEntries(["task", "split", "model", "optimizer", "training", "seed"].map((name) => [name, fc.option(fc.oneof(fc.jsonValue(), fc.constantFrom(...Object.values(tiny) as object[])))])), // prettier-ignore
    });
    fc.assert(
      fc.property(values, (experiment) => file(JSON.stringify(experiment))),
      { numRuns: 300 },
    );
  });
});

it("an unexpected error is one line, and --debug prints its stack", () => {
  expect(explain(new TypeError("x is not\na function"))).toEqual({
    message: "unexpected error: TypeError: x is not a function; --debug prints the stack",
    code: 1,
    known: false,
  });
  expect(explain("thrown text").message).toBe("unexpected error: thrown text; --debug prints the stack");
});
