import { describe, expect, it } from 'vitest';
import { CAUSES } from '../../../src/core/domain/cause.ts';
import {
  DEFAULT_BUDGETS,
  describeBudgets,
  parseBudget,
  RETRY_RULES,
} from '../../../src/core/domain/retry-policy.ts';

describe('the rules', () => {
  it.each([
    ['interrupted', 10, false, 'any'],
    ['host-lost', 10, false, 'any'],
    ['download', 5, true, 'preferred'],
    ['install', 5, true, 'preferred'],
    ['disk-full', 2, false, 'another'],
    ['out-of-memory', 2, false, 'another'],
    ['corrupt-snapshot', 1, false, 'another'],
    ['blocks-log', 1, false, 'another'],
    ['nodeos-crash', 1, false, 'another'],
    ['stalled', 1, false, 'another'],
    ['no-evidence', 1, false, 'another'],
    ['hash-mismatch', 0, false, 'another'],
    ['bad-job', 0, false, 'any'],
  ] as const)('%s: %i times, delayed %s, host %s', (cause, budget, delayed, host) => {
    expect(RETRY_RULES[cause]).toEqual({ budget, delayed, host });
  });

  it('there is one for every cause', () => {
    expect(Object.keys(RETRY_RULES).toSorted()).toEqual(CAUSES.toSorted());
  });
});

describe('a budget as it is given', () => {
  it.each([
    ['download=3', { download: 3 }],
    [' nodeos-crash = 0 ', { 'nodeos-crash': 0 }],
    ['bad-job=1000', { 'bad-job': 1000 }],
  ])('%s', (text, budgets) => {
    expect(parseBudget(text)).toEqual(budgets);
  });

  it('all=N stands for every cause but a mismatch', () => {
    const budgets = parseBudget('all=0');
    expect(Object.keys(budgets)).toHaveLength(CAUSES.length - 1);
    expect(budgets).not.toHaveProperty('hash-mismatch');
  });

  it.each([
    ['', /expected CAUSE=N/],
    ['download', /expected CAUSE=N/],
    ['download=', /expected CAUSE=N/],
    ['download=-1', /expected CAUSE=N/],
    ['download=1.5', /expected CAUSE=N/],
    ['download=1001', /from 0 to 1000/],
    ['downlaod=3', /there is no cause "downlaod"; the causes are interrupted, /],
    ['hash-mismatch=1', /never retried; --confirm-mismatch/],
  ])('%j cannot be used', (text, reason) => {
    expect(parseBudget(text)).toMatch(reason);
  });

  it('is described as it would be given', () => {
    const described = describeBudgets(DEFAULT_BUDGETS).split(', ');
    expect(described).toContain('download=5');
    for (const text of described) expect(parseBudget(text)).toBeTypeOf('object');
  });
});
