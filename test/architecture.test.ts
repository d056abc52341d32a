import { extname, join, posix } from "node:path";
import { describe, expect, it } from "vitest";
import { components, files, imports, importsIn, isKernel, isTest, read, root, sources, type Import } from "./tree.ts";

/** In the order of the data: a room imports only from itself and from those before it. */
const rooms = [
  ...["options", "rng", "tensor", "nn", "tasks", "models", "optim", "train", "verdict"],
  ...["runs", "analyses", "figures", "workers", "cli", "index"],
];
const before = (room: string): readonly string[] => rooms.slice(0, rooms.indexOf(room));

/** `src/tensor/ops/add.ts` is in the room tensor; `src/rng.ts` and `src/rng/jax.ts` are in rng. */
const roomOf = (file: string): string => /^src\/([^/]+?)(?:\.ts)?(?:\/|$)/.exec(file)?.[1] ?? "";

/** Libraries that the rooms which compute may use: they run unchanged in a page. */
const portablePackages = ["@noble/hashes", "fflate"];
const isPortable = (name: string): boolean =>
  portablePackages.some((allowed) => name === allowed || name.startsWith(`${allowed}/`));

/** One sentence for each import of this file that the house does not allow. */
function violations(file: string, found: readonly Import[]): readonly string[] {
  const say = (target: string, why: string): string => `${file} imports ${target}: ${why}`;
  const room = roomOf(file);
  return found.flatMap(({ kind, target, typeOnly }) => {
    if (kind === "package") {
      if (file.startsWith("experiments/")) return [say(target, "an experiment needs no package")];
      const computes = before("runs").includes(room);
      return computes && !isPortable(target) ? [say(target, "this room runs in a page, too")] : [];
    }
    if (target.startsWith("web/") && !file.startsWith("web/"))
      return [say(target, "only the web app knows the web app")];
    if (/^(test|scripts|bench)\//.test(target)) return [say(target, "the package does not contain it")];
    if (file.startsWith("src/")) {
      if (target.startsWith("experiments/")) {
        return ["workers", "cli", "index"].includes(room) ? [] : [say(target, "this room knows no experiments")];
      }
      return [room, ...before(room)].includes(roomOf(target)) ? [] : [say(target, "it comes later")];
    }
    if (file.startsWith("experiments/") && !target.startsWith("experiments/") && !typeOnly) {
      return before("figures").includes(roomOf(target)) ? [] : [say(target, "an experiment is overrides and a claim")];
    }
    return [];
  });
}

describe("imports", () => {
  it("every file of src is in a known room", () => {
    expect(sources.filter((file) => file.startsWith("src/") && !rooms.includes(roomOf(file)))).toEqual([]);
  });

  it("go from later rooms to earlier ones", () => {
    expect(sources.flatMap((file) => violations(file, imports(file)))).toEqual([]);
  });

  it.each([
    ["src/tensor/add.ts", `import type { Plan } from "../train/experiment.ts";`],
    ["src/tensor/add.ts", `export { main } from "../cli/main.ts";`],
    ["src/train/train.ts", `const { open } = await import("../runs/store.ts");`],
    ["src/train/train.ts", `import { quick } from "../../experiments/quick.ts";`],
    ["src/rng.ts", `import { randomInt } from "node:crypto";`],
    ["src/runs/store.ts", `import { flags } from "../../scripts/lib/chromium.mjs";`],
    ["src/index.ts", `import "../web/main.ts";`],
    ["experiments/quick.ts", `import { open } from "../src/cli/main.ts";`],
    ["experiments/quick.ts", `import { readFileSync } from "node:fs";`],
  ])("in the other direction would be found: %s with %s", (file, text) => {
    expect(violations(file, importsIn(file, text))).toHaveLength(1);
  });

  it.each([
    ["src/train/train.ts", `import { stream } from "../rng.ts"; import { x } from "./x.ts";`],
    ["src/cli/main.ts", `import { quick } from "../../experiments/quick.ts"; import "node:fs";`],
    ["experiments/quick.ts", `import type { Experiment } from "../src/train/experiment.ts";`],
  ])("in the right direction are allowed: %s with %s", (file, text) => {
    expect(violations(file, importsIn(file, text))).toEqual([]);
  });

  it("name files that exist, with their extension", () => {
    const known = new Set([...files, "src/tensor/kernels.wasm.ts"]);
    const missing = [...sources, ...components].flatMap((file) =>
      imports(file)
        .filter(({ kind, target }) => kind === "file" && !known.has(target))
        .map(({ target }) => `${file} imports ${target}`),
    );
    expect(missing).toEqual([]);
  });
});

describe("packages", () => {
  type Dependencies = Readonly<Record<string, string>>;
  const { dependencies, devDependencies, peerDependencies } = JSON.parse(read("package.json")) as {
    dependencies: Dependencies;
    devDependencies: Dependencies;
    peerDependencies: Dependencies;
  };
  /** `@noble/hashes/sha2.js` belongs to @noble/hashes. */
  const packageOf = (target: string): string =>
    target
      .split("/")
      .slice(0, target.startsWith("@") ? 2 : 1)
      .join("/");
  const packagesOf = (of: readonly string[]): ReadonlySet<string> => {
    const targets = of.flatMap((file) => imports(file).filter(({ kind }) => kind === "package"));
    return new Set(targets.map(({ target }) => packageOf(target)).filter((name) => !name.startsWith("node:")));
  };
  const shipped = packagesOf(sources.filter((file) => !file.startsWith("web/")));
  const code = files.filter(
    (file) => /\.(ts|mjs|svelte)$/.test(file) && !isKernel(file) && !file.startsWith("bench/peers/"),
  );

  it("that the library needs are its dependencies, or peers that a user adds, and no others", () => {
    expect([...shipped].sort()).toEqual(Object.keys({ ...dependencies, ...peerDependencies }).sort());
  });

  it("that only the making of it needs are used somewhere", () => {
    // Called by name from package.json's scripts, or read by the compiler.
    const called = ["@types/node", "@types/pg", "prettier", "prettier-plugin-svelte", "svelte-check", "typescript", "vitest", "vite"]; // prettier-ignore
    const used = new Set([...packagesOf(code), ...called]);
    expect(Object.keys(devDependencies).filter((name) => !used.has(name))).toEqual([]);
    // A peer is only there for the tests when it is among these, too.
    expect(Object.keys(peerDependencies).filter((name) => !(name in devDependencies))).toEqual([]);
    const declared = new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]);
    expect([...used].filter((name) => !declared.has(name))).toEqual([]);
  });
});

describe("source files", () => {
  it("are all reached from the library, the command line or the web app", () => {
    const settings = sources.filter((file) => /^web\/[^/]+$/.test(file));
    const entries = ["src/index.ts", "src/cli/main.ts", "web/src/main.ts", ...settings];
    const reached = new Set(entries);
    // A set that grows while it is walked: every file is visited once.
    for (const file of reached)
      for (const { target, kind } of importsOf(file)) if (kind === "file") reached.add(target);
    expect([...sources, ...components].filter((file) => !reached.has(file))).toEqual([]);
  });

  /** What a file imports, and the workers it starts: `new URL("./worker.ts", import.meta.url)`. */
  function importsOf(file: string): readonly Import[] {
    if (!sources.includes(file) && !components.includes(file)) return [];
    const workers = [...read(file).matchAll(/new URL\("(\.[^"]+)"/g)].map(([, path = ""]) => ({
      target: posix.join(posix.dirname(file), path.replace(/\.js$/, ".ts")),
      kind: "file" as const,
      typeOnly: false,
    }));
    return [...imports(file), ...workers];
  }
});

/** Each seam: a folder, what declares an entry in it, and the name of the list in its index. */
const seams = [
  { folder: "src/tasks", define: "defineTask", list: "tasks" },
  { folder: "src/models", define: "defineModel", list: "models" },
  { folder: "src/optim", define: "defineOptimizer", list: "optimizers" },
  { folder: "src/verdict/policies", define: "definePolicy", list: "policies" },
  { folder: "src/analyses", define: "defineAnalysis", list: "analyses" },
];

interface Entry {
  readonly name: string;
}
const load = async (file: string) => (await import(/* @vite-ignore */ join(root, file))) as Record<string, unknown>;

describe("registries", () => {
  for (const { folder, define, list } of seams) {
    const declaring = sources.filter(
      (file) => posix.dirname(file) === folder && new RegExp(`(?<!function )\\b${define}\\(`).test(read(file)),
    );
    if (declaring.length === 0) continue;
    it(`${folder}/index.ts lists exactly what its files define`, async () => {
      const registry = (await load(`${folder}/index.ts`))[list] as readonly Entry[];
      const modules = await Promise.all(declaring.map(load));
      const exported = new Set(modules.flatMap((module) => Object.values(module).flat()));
      expect(registry.filter((entry) => !exported.has(entry)).map(({ name }) => name)).toEqual([]);
      const listed = new Set<unknown>(registry);
      const absent = declaring.filter(
        (_, i) =>
          !Object.values(modules[i])
            .flat()
            .some((value) => listed.has(value)),
      );
      expect(absent).toEqual([]);
      expect(new Set(registry.map(({ name }) => name)).size).toBe(registry.length);
    });
  }

  it("experiments/index.ts lists exactly the files of its folder", () => {
    const all = sources.filter((file) => posix.dirname(file) === "experiments" && file !== "experiments/index.ts");
    if (!sources.includes("experiments/index.ts")) expect(all).toEqual([]);
    else {
      const listed = imports("experiments/index.ts").map(({ target }) => target);
      expect(listed.filter((target) => target.startsWith("experiments/")).sort()).toEqual(all.sort());
    }
  });
});

describe("files", () => {
  /** Files that are longer for a reason, with the reason. */
  const longer: Readonly<Record<string, string>> = {};
  const cap = 400;

  it(`hold one thing each: at most ${cap} lines`, () => {
    const long = files
      .filter((file) => [".ts", ".mjs", ".svelte", ".py"].includes(extname(file)) && !isTest(file))
      .map((file) => ({ file, lines: read(file).split("\n").length - 1 }))
      .filter(({ file, lines }) => lines > cap && !(file in longer));
    expect(long).toEqual([]);
  });

  it("are named in kebab-case", () => {
    const part = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/;
    const ours = files.filter((file) =>
      /^(src|experiments|web|test|scripts|bench|docs)\/(.*\/)?[^./][^/]*$/.test(file),
    );
    const capitals = new Set(["README.md", "LOG.md"]);
    const odd = ours.filter(
      (file) => extname(file) !== ".py" && !file.split("/").every((p) => capitals.has(p) || part.test(p)),
    );
    expect(odd).toEqual([]);
  });

  it("mention no place outside the project", () => {
    // Written in two parts, so that this file does not mention them.
    const places = ["/wor" + "k/", "shar" + "ed/", "/ho" + "me/", "/tm" + "p/", "/ro" + "ot/"];
    const text = files.filter((file) => /\.(ts|mjs|js|json|md|svelte|py|sh|html|css|yml|yaml)$|^\.ci\//.test(file));
    const found = text.flatMap((file) => {
      const content = read(file);
      return places.filter((place) => content.includes(place)).map((place) => `${file}: ${place}`);
    });
    expect(found).toEqual([]);
  });
});

describe("documents", () => {
  const pages = files.filter((file) => file.endsWith(".md"));
  const prose = (page: string): string => read(page).replace(/^```[\s\S]*?^```/gm, "");
  const slug = (heading: string): string =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s-]/gu, "")
      .trim()
      .replace(/\s/g, "-");
  const anchors = (page: string): readonly string[] =>
    [...prose(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => slug(heading));

  it("link to files and headings that exist", () => {
    const broken = pages.flatMap((page) =>
      [...prose(page).matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/g)]
        .map(([, link, image]) => link ?? image ?? "")
        .filter((link) => !/^[a-z]+:/.test(link))
        .filter((link) => {
          const [path = "", anchor] = link.split("#");
          const target = path === "" ? page : posix.join(posix.dirname(page), path);
          const isFolder = files.some((file) => file.startsWith(`${target.replace(/\/$/, "")}/`));
          if (!files.includes(target) && !isFolder) return true;
          return anchor !== undefined && !anchors(target).includes(anchor);
        })
        .map((link) => `${page}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  it("show the tree as it is: the README names every room and every folder beside them", () => {
    const tree = /^```\n(experiments[\s\S]*?)^```/m.exec(read("README.md"))?.[1] ?? "";
    const named = [...tree.matchAll(/^(?: {2})?([a-z.-]+\/?)(?: |$)/gm)].map(([, name = ""]) =>
      name.replace(/\/$/, ""),
    );
    const folders = files
      .filter((file) => /^[a-z]+\//.test(file) && !file.startsWith("src/"))
      .map((file) => file.split("/")[0] ?? "");
    const inSource = sources.filter((file) => file.startsWith("src/") && file !== "src/index.ts").map(roomOf);
    const there = new Set([...folders, ...inSource, "src", "index"]);
    expect(named.map((name) => name.replace(/\.ts$/, "")).sort()).toEqual([...there].sort());
  });

  it("name npm scripts that exist", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = pages.flatMap((page) => [...read(page).matchAll(/npm run ([a-z:-]+)/g)].map(([, name = ""]) => name));
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
