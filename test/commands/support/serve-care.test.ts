import { describe, expect, test } from 'vitest';
import { listOf } from '../../../src/commands/support/list-flag.ts';
import { serveCare } from '../../../src/commands/support/serve-care.ts';
import { ExitCode } from '../../../src/core/domain/exit-codes.ts';

describe('a flag that may be given several times', () => {
  test.each<[string[] | string | undefined, string[]]>([
    [undefined, []],
    [[], []],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    ['a, b,', ['a', 'b']],
    ['', []],
  ])('%j', (value, list) => {
    expect(listOf(value)).toEqual(list);
  });
});

describe('the budgets', () => {
  const read = (...retries: string[]) => serveCare({ lease: 60, retries }).care.retries;

  test('are those that are named, and nothing is said of the others', () => {
    expect(read('download=1', 'stalled=0')).toEqual({ download: 1, stalled: 0 });
    expect(read('download=1,stalled=0')).toEqual({ download: 1, stalled: 0 });
    expect(read()).toEqual({});
  });

  test('for one cause count more than those for all, whatever comes first', () => {
    for (const retries of [read('all=0', 'interrupted=3'), read('interrupted=3', 'all=0')]) {
      expect(retries).toMatchObject({ interrupted: 3, download: 0, 'bad-job': 0 });
    }
  });

  test('that cannot be read are wrong usage, and the message says which and why', () => {
    expect(() => read('download=1', 'downlod=3')).toThrowError(
      expect.objectContaining({
        code: 'RETRIES',
        exitCode: ExitCode.usage,
        message: expect.stringMatching(
          /^--retries downlod=3 cannot be used: there is no cause "downlod"/,
        ) as string,
      }) as Error,
    );
  });
});

test('what is not said of a confirmation stays open', () => {
  expect(serveCare({ lease: 60 }).care).toEqual({
    leaseSeconds: 60,
    retries: {},
    confirmMismatch: undefined,
  });
  expect(serveCare({ lease: 60, 'confirm-mismatch': false }).care.confirmMismatch).toBe(false);
});
