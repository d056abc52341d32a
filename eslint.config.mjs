import { defineConfig } from "eslint/config";
import svelte from "eslint-plugin-svelte";
import tseslint from "typescript-eslint";

/** Rooms whose results must be the same bits in every engine. */
const exactRooms = ["options", "rng", "tensor", "nn", "tasks", "models", "optim", "train", "verdict"];
const inRooms = (rooms, pattern = "*.ts") => rooms.flatMap((room) => [`src/${room}.ts`, `src/${room}/**/${pattern}`]);

/** What IEEE 754 or ECMAScript fixes to the last bit. Everything else in Math is free to differ between engines. */
const exactMath =
  "abs ceil clz32 floor fround imul max min round sign sqrt trunc E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2";

const sameBits = {
  "no-restricted-properties": [
    "error",
    {
      object: "Math",
      allowProperties: exactMath.split(" "),
      message: "Engines differ in its last bits (or it is random): use the kernels' own, or a stream of rng.",
    },
    { object: "Date", property: "now", message: "Results are a function of the Plan: take the clock as an argument." },
    { object: "performance", property: "now", message: "Take the clock as an argument." },
    { object: "crypto", property: "getRandomValues", message: "Draw from a named stream of rng." },
  ],
  "no-restricted-syntax": [
    "error",
    {
      // The interpreter and the optimising compiler of one engine may round a power differently.
      selector:
        ":matches(BinaryExpression[operator='**'], AssignmentExpression[operator='**=']):not([left.type='Literal'])",
      message: "Powers round differently between engines: multiply, or use the kernels' own.",
    },
    {
      selector:
        "BinaryExpression[operator='**'][left.type='Literal']:not([right.type='Literal'], [right.argument.type='Literal'])",
      message: "Powers round differently between engines: multiply, or use the kernels' own.",
    },
    { selector: "NewExpression[callee.name='Date']", message: "Results are a function of the Plan, not of the time." },
  ],
};

export default defineConfig(
  { ignores: ["dist/", "coverage/", "src/tensor/kernels/", "src/tensor/kernels.wasm.ts", "bench/peers/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: "error",
      "no-control-regex": "error",
      "no-constant-condition": ["error", { checkLoops: "allExceptWhileTrue" }],
      "no-empty": "error",
      "no-fallthrough": "error",
      "no-loss-of-precision": "error",
      "no-self-compare": "error",
      "no-sparse-arrays": "error",
      // To take one value of a generator, `for (const x of run) break;` says it best.
      "no-unreachable-loop": ["error", { ignore: ["ForOfStatement"] }],
      "no-unsafe-finally": "error",
      "no-unused-labels": "error",
      "no-useless-escape": "error",
      "use-isnan": "error",
      "no-var": "error",
      "prefer-const": "error",
      "object-shorthand": "error",
      "no-else-return": "error",
      "no-useless-rename": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      "@typescript-eslint/consistent-type-exports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-deprecated": "error",
      "@typescript-eslint/no-unnecessary-template-expression": "error",
      "@typescript-eslint/no-unnecessary-boolean-literal-compare": "error",
      "@typescript-eslint/prefer-for-of": "error",
      "@typescript-eslint/prefer-reduce-type-parameter": "error",
      "@typescript-eslint/prefer-string-starts-ends-with": "error",
      "@typescript-eslint/require-array-sort-compare": ["error", { ignoreStringArrays: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/unified-signatures": "error",
    },
  },
  // The library computes and returns; only the command line prints.
  { files: ["src/**/*.ts"], ignores: ["src/cli/**", "**/*.test.ts"], rules: { "no-console": "error" } },
  { files: inRooms(exactRooms), ignores: inRooms(exactRooms, "*.test.ts"), rules: sameBits },
  {
    files: ["**/*.test.ts", "test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
  ...svelte.configs.recommended,
  {
    // Their types are checked by svelte-check.
    files: ["**/*.svelte"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { parser: tseslint.parser, projectService: false, project: null } },
    rules: {
      // The address is a hash: nothing is to be resolved against a base.
      "svelte/no-navigation-without-resolve": "off",
      // What changes is replaced, not mutated.
      "svelte/prefer-svelte-reactivity": "off",
    },
  },
  {
    files: ["**/*.svelte.ts"],
    languageOptions: { parser: tseslint.parser },
    // What changes is replaced, not mutated: whole arrays and addresses in `$state.raw`.
    rules: { "svelte/prefer-svelte-reactivity": "off" },
  },
  {
    files: ["**/*.mjs"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { console: "readonly", process: "readonly", Buffer: "readonly" } },
  },
);
