import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // @oclif/test reads what a command writes to the real stdout.
    disableConsoleIntercept: true,
    // A test that succeeds only on a second try is a defect: nothing is retried.
    retry: 0,
    testTimeout: 20_000,
  },
});
