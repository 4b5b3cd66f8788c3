import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: 'test/support/set-up.ts',
    testTimeout: 120_000,
    hookTimeout: 300_000,
    // Native inference is multithreaded: more workers compete for the same cores.
    maxWorkers: 2,
  },
});
