import { describe, expect, test } from 'vitest';
import {
  baseName,
  describeLocation,
  joinLocation,
  parentLocation,
  parseLocation,
} from '../../../src/core/storage/location.ts';

describe('reading a location', () => {
  test.each([
    ['s3://bucket/a/b.bin.zst', { kind: 's3', bucket: 'bucket', key: 'a/b.bin.zst' }],
    ['S3://bucket/a', { kind: 's3', bucket: 'bucket', key: 'a' }],
    ['s3://bucket', { kind: 's3', bucket: 'bucket', key: '' }],
    ['s3://bucket/', { kind: 's3', bucket: 'bucket', key: '' }],
    ['s3://bucket/folder/', { kind: 's3', bucket: 'bucket', key: 'folder/' }],
    ['s3://bucket/a%20b+c d/ü?x=1#y', { kind: 's3', bucket: 'bucket', key: 'a%20b+c d/ü?x=1#y' }],
    ['s3://bucket//double//slash', { kind: 's3', bucket: 'bucket', key: '/double//slash' }],
    ['https://host/a%20b/c+d.bin', { kind: 'http', url: 'https://host/a%20b/c+d.bin' }],
    ['http://host:81/a b/ü.bin', { kind: 'http', url: 'http://host:81/a%20b/%C3%BC.bin' }],
    [
      'https://host/a?X-Amz-Signature=1%2F2&b=c+d',
      { kind: 'http', url: 'https://host/a?X-Amz-Signature=1%2F2&b=c+d' },
    ],
    ['https://host/100%/a', { kind: 'http', url: 'https://host/100%/a' }],
    ['HTTPS://Host/A', { kind: 'http', url: 'https://host/A' }],
    ['/data/a b%20.bin', { kind: 'file', path: '/data/a b%20.bin' }],
    ['data/a.bin', { kind: 'file', path: 'data/a.bin' }],
    ['file:///data/a%20b.bin', { kind: 'file', path: '/data/a b.bin' }],
  ])('%s', (text, expected) => {
    expect(parseLocation(text)).toEqual(expected);
  });

  test.each([
    [
      'ftp://host/a',
      'Cannot use the location "ftp://host/a": unknown scheme "ftp"; expected s3://bucket/key, http://…, https://… or a path',
    ],
    ['', 'it is empty'],
    ['  ', 'it is empty'],
    ['s3:///key', 'the bucket is missing'],
    ['s3://', 'the bucket is missing'],
    ['s3://buc ket/key', 'that is not a bucket name'],
    ['http://', 'that is not a URL'],
    ['file://elsewhere/a', 'file'],
  ])('%s is refused', (text, message) => {
    expect(() => parseLocation(text)).toThrow(message);
  });

  test('a refused URL shows neither its password nor its signature', () => {
    expect(() => parseLocation('https://joe:secret@ho st/a?sig=secret')).toThrow(/"https:\/\/ho st\/a\?…"/);
  });
});

describe('showing a location', () => {
  test.each([
    ['https://joe:secret@host/a/b?X-Amz-Signature=secret&x=1', 'https://host/a/b?…'],
    ['https://token@host/a@b', 'https://host/a@b'],
    ['s3://bucket/a b?c', 's3://bucket/a b?c'],
    ['/data/a?b', '/data/a?b'],
  ])('%s', (text, shown) => {
    expect(describeLocation(parseLocation(text))).toBe(shown);
  });
});

describe('base name', () => {
  test.each([
    ['s3://bucket/a/b%20c.zst', 'b%20c.zst'],
    ['s3://bucket/a/b/', 'b'],
    ['s3://bucket', ''],
    ['https://host/a/b%20c+d.zst?x=/y', 'b c+d.zst'],
    ['https://host/a/100%.zst', '100%.zst'],
    ['https://host/', ''],
    ['/a/b c.zst', 'b c.zst'],
    ['/a/b/', 'b'],
  ])('%s', (text, name) => {
    expect(baseName(parseLocation(text))).toBe(name);
  });
});

describe('parent', () => {
  test.each([
    ['s3://bucket/a/b.zst', 's3://bucket/a/'],
    ['s3://bucket/a/b/', 's3://bucket/a/'],
    ['s3://bucket/a', 's3://bucket/'],
    ['https://host/a/b%20c/d.zst', 'https://host/a/b%20c/'],
    ['https://host/a', 'https://host/'],
    ['/a/b/c', '/a/b'],
    ['/a/b/', '/a'],
  ])('%s', (text, parent) => {
    const found = parentLocation(parseLocation(text));
    expect(found === null ? null : describeLocation(found)).toBe(parent);
  });

  test.each(['s3://bucket', 's3://bucket/', 'https://host/', 'https://host', '/'])('%s has none', (text) => {
    expect(parentLocation(parseLocation(text))).toBeNull();
  });
});

describe('join', () => {
  test.each([
    ['s3://bucket', 'a b+%20.log', { kind: 's3', bucket: 'bucket', key: 'a b+%20.log' }],
    ['s3://bucket/x', 'blocks', { kind: 's3', bucket: 'bucket', key: 'x/blocks' }],
    ['s3://bucket/x/', 'blocks', { kind: 's3', bucket: 'bucket', key: 'x/blocks' }],
    ['https://host/x', 'a b+%ü.log', { kind: 'http', url: 'https://host/x/a%20b%2B%25%C3%BC.log' }],
    ['https://host/x/', 'blocks/y', { kind: 'http', url: 'https://host/x/blocks/y' }],
    ['https://host', '?#', { kind: 'http', url: 'https://host/%3F%23' }],
    ['/x/', 'blocks', { kind: 'file', path: '/x/blocks' }],
  ])('%s and %s', (folder, name, expected) => {
    expect(joinLocation(parseLocation(folder), name)).toEqual(expected);
  });

  test('a token in the query goes along, a signature for one object does not', () => {
    expect(joinLocation(parseLocation('https://host/x?sv=1&sig=2'), 'y')).toEqual({
      kind: 'http',
      url: 'https://host/x/y?sv=1&sig=2',
    });
    expect(joinLocation(parseLocation('https://host/x?a=1&X-Amz-Signature=2'), 'y')).toEqual({
      kind: 'http',
      url: 'https://host/x/y',
    });
  });

  test('a name that was joined is read back', () => {
    for (const folder of ['s3://bucket/x', 'https://host/x', '/x']) {
      const name = 'a b+c%20ü&=.log';
      expect(baseName(joinLocation(parseLocation(folder), name))).toBe(name);
    }
  });
});
