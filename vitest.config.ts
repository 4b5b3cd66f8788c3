import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: 'test/support/set-up.ts',
    testTimeout: 120_000,
    hookTimeout: 300_000,
    // Native inference uses every core by itself; more test files at once only fight for them.
    maxWorkers: 2,
  },
});
