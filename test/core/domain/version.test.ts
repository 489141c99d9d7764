import { describe, expect, it } from 'vitest';
import { bareVersion, contradict, isVersion, majorOf } from '../../../src/core/domain/version.ts';

describe('a version', () => {
  it.each(['5.0.2', 'v1.0.2', 'v1.3.0-rc1', '4.0.0-rc.2', '10.20.30'])('%s is one', (text) => {
    expect(isVersion(text)).toBe(true);
  });

  it.each(['', '5', '5.0', 'V5.0.2', '5.0.2 ', '5.0.2-', 'latest', '5.0.2/x', '5.0.2-$(x)', '5.0.2.1'])(
    '%j is none',
    (text) => {
      expect(isVersion(text)).toBe(false);
    },
  );

  it('is the same with a v and without', () => {
    expect(bareVersion('v1.2.2')).toBe('1.2.2');
    expect(bareVersion('1.2.2')).toBe('1.2.2');
    expect(bareVersion('/vendor/own.deb')).toBe('/vendor/own.deb');
  });

  it('has a first number', () => {
    expect(['v1.2.2', '5.0.3', 'own.deb'].map(majorOf)).toEqual([1, 5, null]);
  });
});

describe('what two hosts reported', () => {
  it.each([
    ['v1.2.2', 'v1.2.3', true],
    ['v1.2.2', '1.2.2', false],
    [null, 'v1.2.2', false],
    ['v1.2.2', null, false],
    [null, null, false],
  ])('%s and %s: contradiction %s', (one, other, expected) => {
    expect(contradict(one, other)).toBe(expected);
  });
});
