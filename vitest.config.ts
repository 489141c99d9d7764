import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Most tests on the built file wait for processes: three files at a time keep two cores busy.
    maxWorkers: 3,
    // A test that succeeds only on a second try is a defect: nothing is retried.
    retry: 0,
    // Nor do the developer's own defaults for flags have a say.
    env: { REPLAY_DEFAULTS: '/dev/null' },
    testTimeout: 60_000,
    hookTimeout: 30_000,
  },
});
