import { defineConfig } from "vitest/config";

// Long enough that a busy machine never fails a test for being slow: no test measures time.
const patient = { testTimeout: 300_000, hookTimeout: 300_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...patient,
          name: "unit",
          include: ["{src,experiments,scripts,test,bench,web}/**/*.test.ts"],
          exclude: ["test/browser/**", "test/package/**", "test/web/**", "test/servers/**", "**/node_modules/**"],
        },
      },
      { test: { ...patient, name: "browser", include: ["test/browser/**/*.test.ts"] } },
      { test: { ...patient, name: "web", include: ["test/web/**/*.test.ts"] } },
      { test: { ...patient, name: "servers", include: ["test/servers/**/*.test.ts"] } },
      { test: { ...patient, name: "package", include: ["test/package/**/*.test.ts"] } },
    ],
  },
});
