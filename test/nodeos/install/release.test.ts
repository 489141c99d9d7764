import { describe, expect, test } from 'vitest';
import { packageSource, unknownPlaceholders } from '../../../src/nodeos/install/release.ts';

const GITHUB = 'https://github.com/AntelopeIO';

describe('the package of a version', () => {
  test.each([
    ['4.0.6', `${GITHUB}/leap/releases/download/v4.0.6/leap_4.0.6-ubuntu22.04_amd64.deb`],
    ['5.0.3', `${GITHUB}/leap/releases/download/v5.0.3/leap_5.0.3_amd64.deb`],
    ['v1.2.2', `${GITHUB}/spring/releases/download/v1.2.2/antelope-spring_1.2.2_amd64.deb`],
    ['1.0.0-rc3', `${GITHUB}/spring/releases/download/v1.0.0-rc3/antelope-spring_1.0.0-rc3_amd64.deb`],
  ])('%s is the release on GitHub', (version, url) => {
    expect(packageSource(version)).toMatchObject({ kind: 'release', url });
  });

  test('comes from a mirror when a template is given', () => {
    const template = 'https://mirror.example/{product}/{major}/{version}/{file}';
    expect(packageSource('v5.0.3', template)).toEqual({
      kind: 'release',
      product: 'leap',
      version: '5.0.3',
      url: 'https://mirror.example/leap/5/5.0.3/leap_5.0.3_amd64.deb',
    });
  });

  test('is not guessed for a series whose packages were named otherwise', () => {
    expect(() => packageSource('3.2.5')).toThrow(
      expect.objectContaining({ failureCause: 'bad-job', message: 'No package is known for nodeos 3.2.5' }),
    );
    expect(packageSource('3.2.5', 'https://mirror.example/leap-{version}.deb')).toMatchObject({
      url: 'https://mirror.example/leap-3.2.5.deb',
    });
  });

  test('may be named by the slice itself', () => {
    expect(packageSource('https://example.org/nodeos.deb')).toEqual({
      kind: 'url',
      url: 'https://example.org/nodeos.deb',
    });
    expect(packageSource('s3://bucket/nodeos.deb')).toEqual({ kind: 'url', url: 's3://bucket/nodeos.deb' });
    expect(packageSource('/srv/nodeos.deb')).toEqual({ kind: 'file', path: '/srv/nodeos.deb' });
  });

  test('is a mistake when it is none of these', () => {
    expect(() => packageSource('7.0.0')).toThrow(/nodeos 7\.0\.0 is of no known product/);
    expect(() => packageSource('newest')).toThrow('"newest" is not a version of nodeos');
  });
});

test('placeholders of a template that mean nothing are named', () => {
  expect(unknownPlaceholders('https://m/{product}/{repository}/{version}/{major}/{file}')).toEqual([]);
  expect(unknownPlaceholders('https://m/{tag}/{file}/{}')).toEqual(['tag', '']);
});
