import { expect, test } from 'vitest';
import { UserError } from '../../../../src/core/domain/user-error.ts';
import { KeptLook } from '../../../../src/core/hosts/desk/kept-look.ts';
import { silentLogger } from '../../../../src/core/log/logger.ts';

function scene() {
  const state = { now: 1000, asked: 0, error: null as Error | null };
  const look = new KeptLook({
    ask: async () => {
      state.asked += 1;
      if (state.error !== null) throw state.error;
      return 'the fleet';
    },
    logger: silentLogger,
    now: () => state.now,
    sleep: () => new Promise(() => undefined),
  });
  return { state, look };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('the place is asked once in a while, and only when somebody wants to know', async () => {
  const { state, look } = scene();
  expect(state.asked).toBe(0);
  expect(await look.current()).toMatchObject({ at: 1000, error: null, seen: 'the fleet' });
  state.now += 14_999;
  await look.current();
  expect(state.asked).toBe(1);
  state.now += 1;
  // Nobody waits for the place: what was seen last is told, and the next gets what is seen now.
  expect((await look.current()).at).toBe(1000);
  await settle();
  expect((await look.current()).at).toBe(16_000);
  expect(state.asked).toBe(2);
});

test('when the place gives no answer, that is said beside what was seen last', async () => {
  const { state, look } = scene();
  await look.current();
  look.stale();
  state.error = new UserError({ code: 'EC2_DENIED', message: 'no rights' });
  await look.current();
  await settle();
  expect(await look.current()).toMatchObject({ at: 1000, error: 'no rights', seen: 'the fleet' });
});

test('a defect is told without its inside', async () => {
  const { state, look } = scene();
  state.error = new Error('secret');
  expect((await look.current()).error).toBe('The fleet cannot be looked at; the log has more.');
});

test('the first who asks does not wait for ever', async () => {
  const look = new KeptLook({
    ask: () => new Promise(() => undefined),
    logger: silentLogger,
    now: () => 0,
    sleep: async () => undefined,
  });
  expect(await look.current()).toEqual({ seen: null, at: null, error: null });
});
