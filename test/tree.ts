import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** What no one wrote: installed, built or recorded. */
const notOurs = new Set(["node_modules", "dist", "coverage", ".git", ".groklab", "package-lock.json"]);

function walk(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (notOurs.has(entry.name) || entry.name.endsWith(".log")) return [];
    return entry.isDirectory() ? walk(path) : [path];
  });
}

/** Every file of the project, relative to its root, generated ones left out. */
export const files = walk("").filter((file) => file !== "src/tensor/kernels.wasm.ts");

/** @param file relative to the root */
export const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** Tests, and what only tests use. */
export const isTest = (file: string): boolean => /^test\/|\.test\.|\/testing\//.test(file);

/** AssemblyScript is compiled apart: its imports have no extension. */
export const isKernel = (file: string): boolean => file.startsWith("src/tensor/kernels/");

export interface Import {
  /** Relative to the root, or the package's name. */
  readonly target: string;
  readonly kind: "file" | "package";
  readonly typeOnly: boolean;
}

/** What a TypeScript text imports or exports from elsewhere, dynamic imports included. @param file names its place */
export function importsIn(file: string, text: string): readonly Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (!specifier || !ts.isStringLiteral(specifier)) return;
    const kind = specifier.text.startsWith(".") ? "file" : "package";
    const target = kind === "file" ? posix.join(posix.dirname(file), specifier.text) : specifier.text;
    found.push({ target, kind, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, true);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false);
    } else if (ts.isCallExpression(node) && /^(require|import\.meta)\.resolve$/.test(node.expression.getText(source))) {
      add(node.arguments[0], false); // a package's file, read where it lies
    }
    ts.forEachChild(node, visit);
  };
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  visit(source);
  return found;
}

const known = new Map<string, readonly Import[]>();
/** What a file of the project imports. @param file relative to the root */
export function imports(file: string): readonly Import[] {
  const found = known.get(file) ?? importsIn(file, file.endsWith(".svelte") ? scripts(read(file)) : read(file));
  known.set(file, found);
  return found;
}

/** The scripts of a component. */
const scripts = (text: string): string =>
  [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, script = ""]) => script).join("\n");

/** Components of the web app. */
export const components = files.filter((file) => file.endsWith(".svelte"));

/** TypeScript that the package is made of: no tests, no kernels. */
export const sources = files.filter(
  (file) => /^(src|experiments|web)\/.*\.ts$/.test(file) && !isTest(file) && !isKernel(file),
);
