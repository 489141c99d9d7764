import { describe, expect, test } from 'vitest';
import { LaunchTurns } from '../../../src/core/orchestrator/launch-turns.ts';
import { chain, JSON_ONLY, serve } from './harness.ts';

function scene() {
  let now = 0;
  const turns = new LaunchTurns({ now: () => now });
  const ask = (token: string, seconds = 60, fleet = 'eos') => turns.ask({ fleet, token, seconds }, token);
  return { ask, pass: (ms: number) => (now += ms) };
}

describe('the turn to launch', () => {
  test('is one launch’s at a time, for each fleet', () => {
    const { ask, pass } = scene();
    expect(ask('a')).toEqual({ granted: true, by: 'a', seconds: 60 });
    pass(15_500);
    expect(ask('b')).toEqual({ granted: false, by: 'a', seconds: 45 });
    expect(ask('b', 60, 'wax').granted).toBe(true);
  });

  test('is prolonged by whoever has it, and given back', () => {
    const { ask, pass } = scene();
    ask('a');
    pass(50_000);
    expect(ask('a').granted).toBe(true);
    pass(50_000);
    expect(ask('b').granted).toBe(false);
    expect(ask('b', 0).granted).toBe(false);
    expect(ask('a', 0).granted).toBe(true);
    expect(ask('b').granted).toBe(true);
    // An answer that was lost: given back twice takes it from nobody.
    expect(ask('a', 0).granted).toBe(false);
    expect(ask('a').granted).toBe(false);
  });

  test('is free again when whoever has it is not heard of', () => {
    const { ask, pass } = scene();
    ask('a');
    pass(60_000);
    expect(ask('b').granted).toBe(true);
  });

  test('is not kept for any number of fleets', () => {
    const { ask, pass } = scene();
    const granted = Array.from({ length: 101 }, (_, index) => ask('a', 60, `f${index}`).granted);
    expect(granted.filter(Boolean)).toHaveLength(100);
    pass(60_000);
    expect(ask('a', 60, 'another').granted).toBe(true);
  });
});

test.each([
  {},
  { fleet: '', token: 'token-01', seconds: 1 },
  { fleet: 'eos', token: 'short', seconds: 1 },
  { fleet: 'eos', token: 'token-01' },
  { fleet: 'eos', token: 'token-01', seconds: -1 },
  { fleet: 'eos', token: 'token-01', seconds: 301 },
  { fleet: 'eos', token: 'token-01', seconds: '60' },
])('%j is refused', async (body) => {
  const server = await serve(chain(1));
  expect((await server.post('/fleet/turn', body, JSON_ONLY)).status).toBe(400);
});

test('it is asked for over HTTP, of any orchestrator', async () => {
  const server = await serve(chain(1));
  const ask = async (token: string, seconds: number) =>
    (await server.post('/fleet/turn', { fleet: 'eos', token, seconds }, JSON_ONLY)).json();
  expect(await ask('token-01', 60)).toEqual({ granted: true, by: null, seconds: 60 });
  expect(await ask('token-02', 60)).toMatchObject({ granted: false, by: null });
  expect(await ask('token-01', 0)).toMatchObject({ granted: true });
  expect(await ask('token-02', 60)).toMatchObject({ granted: true });
});
