import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/editor/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 300_000,
    bail: 0,
  },
});
