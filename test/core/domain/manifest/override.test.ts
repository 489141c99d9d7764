import { describe, expect, test } from 'vitest';
import { overrideManifest } from '../../../../src/core/domain/manifest/override.ts';

const overridden = (entry: object, version: string | null, options: string[] = []): unknown =>
  JSON.parse(
    overrideManifest(JSON.stringify([entry]), { nodeosVersion: version, nodeosOptions: options }),
  )[0];

describe('a manifest with overrides', () => {
  test('is the same to the byte without any', () => {
    const text = '\uFEFF[ {"a":1} ]\r\n';
    expect(overrideManifest(text, { nodeosVersion: null, nodeosOptions: [] })).toBe(text);
  });

  test.each([
    ['a newer Leap', { leap_version: '4.0.0', x: 1 }, '5.0.3', { leap_version: '5.0.3', x: 1 }],
    ['Spring after Leap', { leap_version: '5.0.3', x: 1 }, 'v1.2.2', { spring_version: 'v1.2.2', x: 1 }],
    ['Leap in the place of Spring', { spring_version: '1.0.0' }, '5.0.0-rc1', { leap_version: '5.0.0-rc1' }],
    [
      'what was to be installed',
      { x: 1, leap_version: '5.0.3', nodeos_version: 'https://host/a.deb', spring_version: null },
      '1.2.2',
      { x: 1, spring_version: '1.2.2' },
    ],
  ])('has the version: %s', (_, before, version, after) => {
    expect(JSON.stringify(overridden(before, version))).toBe(JSON.stringify(after));
  });

  test('keeps its version beside a file, which does not say it', () => {
    expect(overridden({ leap_version: '5.0.3' }, '/builds/nodeos.deb')).toEqual({
      leap_version: '5.0.3',
      nodeos_version: '/builds/nodeos.deb',
    });
  });

  test('has its own options first', () => {
    expect(overridden({ nodeos_options: ['--a'] }, null, ['--b'])).toEqual({
      nodeos_options: ['--a', '--b'],
    });
    expect(overridden({ nodeos_options: null }, null, ['--b'])).toEqual({ nodeos_options: ['--b'] });
  });
});
