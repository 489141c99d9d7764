import { defineConfig } from 'vitest/config';

/** Also what takes too long for every run. Two machines at a time: each has two processors. */
export default defineConfig({
  test: {
    include: ['test/machines/**/*.{test,long}.ts'],
    maxWorkers: 2,
    retry: 0,
    env: { REPLAY_DEFAULTS: '/dev/null' },
  },
});
