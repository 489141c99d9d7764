import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { formatBytes } from '../../../src/core/format/bytes.ts';
import { diskFull, diskProblem, freeBytes } from '../../../src/core/storage/free-space.ts';

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [1536, '1.5 KiB'],
  [1_048_575, '1.0 MiB'],
  [40 * 2 ** 30, '40.0 GiB'],
  [3.5 * 2 ** 50, '3.5 PiB'],
])('%i bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('the free space of a file system is a number of bytes', async () => {
  expect(await freeBytes(tmpdir())).toBeGreaterThan(0);
});

describe('a disk that cannot take a file', () => {
  test.each(['ENOSPC', 'EDQUOT', 'EROFS', 'EFBIG'])('%s', (code) => {
    expect(diskProblem(Object.assign(new Error('x'), { code }))).not.toBeNull();
  });

  test('other errors are not about the disk', () => {
    expect(diskProblem(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBeNull();
    expect(diskProblem('ENOSPC')).toBeNull();
  });

  test('the message says what is needed and what is there, as far as it is known', () => {
    const message = (needed: number | null, free: number | null) =>
      diskFull('the disk is full', { target: '/d/a', needed, free }).message;
    expect(message(2048, 1024)).toBe(
      'Cannot write /d/a: the disk is full (2.0 KiB are needed, 1.0 KiB are free)',
    );
    expect(message(null, 0)).toBe('Cannot write /d/a: the disk is full (0 B are free)');
    expect(message(null, null)).toBe('Cannot write /d/a: the disk is full');
  });
});
