import { expect, it, test } from 'vitest';
import {
  judgeClock,
  judgeDpkgDeb,
  judgeFileSize,
  judgeMemory,
  judgeOpenFiles,
  judgeSetpriv,
  judgeSystem,
  judgeZstd,
} from '../../../src/core/doctor/judge-host.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

test.each([
  { architecture: 'x64', glibc: '2.35', given: false, result: 'ok' },
  { architecture: 'x64', glibc: '3.0', given: false, result: 'ok' },
  { architecture: 'x64', glibc: '2.31', given: false, result: 'warning' },
  { architecture: 'x64', glibc: null, given: false, result: 'failed' },
  { architecture: 'arm64', glibc: '2.36', given: false, result: 'failed' },
  { architecture: 'arm64', glibc: null, given: true, result: 'ok' },
])('$architecture, glibc $glibc, --nodeos $given: $result', ({ architecture, glibc, given, result }) => {
  expect(judgeSystem({ architecture, glibc, name: 'A Linux' }, given)).toMatchObject({
    result,
    finding: expect.stringContaining(`A Linux, ${architecture}`),
    values: { architecture, glibc },
  });
});

test.each([
  { available: 16 * GIB, cgroupLeft: null, result: 'ok' },
  { available: 2 * GIB, cgroupLeft: null, result: 'ok' },
  { available: 2 * GIB - 1, cgroupLeft: null, result: 'warning' },
  { available: 512 * MIB, cgroupLeft: null, result: 'warning' },
  { available: 512 * MIB - 1, cgroupLeft: null, result: 'failed' },
  { available: 16 * GIB, cgroupLeft: 300 * MIB, result: 'failed' },
  { available: null, cgroupLeft: null, result: 'ok' },
])(
  'memory: $available bytes, $cgroupLeft left to its group: $result',
  ({ available, cgroupLeft, result }) => {
    expect(judgeMemory({ total: 32 * GIB, available, cgroupLeft }).result).toBe(result);
  },
);

it('names the limit of a control group, and not the memory of the machine, as what is available', () => {
  const found = judgeMemory({ total: 32 * GIB, available: 16 * GIB, cgroupLeft: GIB });
  expect(found.finding).toMatch(
    /^1\.0 GiB of memory are available \(a limit of its control group; .* 16\.0 GiB\)/u,
  );
  expect(found.values).toMatchObject({ available_bytes: GIB });
});

test.each([
  { openFiles: 100, role: 'work', result: 'failed' },
  { openFiles: 512, role: 'work', result: 'warning' },
  { openFiles: 1024, role: 'work', result: 'ok' },
  { openFiles: 1024, role: 'serve', result: 'warning' },
  { openFiles: 20_000, role: 'serve', result: 'ok' },
  { openFiles: null, role: 'serve', result: 'ok' },
] as const)('$openFiles open files for $role: $result', ({ openFiles, role, result }) => {
  expect(judgeOpenFiles({ openFiles }, role).result).toBe(result);
});

it('wants files as large as the sparse state file of nodeos', () => {
  expect(judgeFileSize({ fileSize: null }).result).toBe('ok');
  expect(judgeFileSize({ fileSize: 128 * GIB }).result).toBe('ok');
  expect(judgeFileSize({ fileSize: 128 * GIB - 1 })).toMatchObject({
    result: 'failed',
    mend: expect.stringContaining('ulimit -f unlimited'),
  });
});

it('needs dpkg-deb only to install, and zstd and setpriv never', () => {
  expect(judgeDpkgDeb(null, false)).toMatchObject({
    result: 'failed',
    mend: expect.stringContaining('dpkg'),
  });
  expect(judgeDpkgDeb(null, true).result).toBe('ok');
  expect(judgeDpkgDeb({ firstLine: 'dpkg-deb 1.2' }, false)).toMatchObject({
    result: 'ok',
    finding: 'dpkg-deb 1.2',
  });
  expect(judgeZstd(null).result).toBe('warning');
  expect(judgeZstd({ firstLine: 'v1.5.4' }).result).toBe('ok');
  expect(judgeSetpriv(false).result).toBe('warning');
  expect(judgeSetpriv(true).result).toBe('ok');
});

test.each([
  { aheadMs: 0, result: 'ok', says: '0 s' },
  { aheadMs: 5400, result: 'ok', says: '5 s ahead of' },
  { aheadMs: -6000, result: 'warning', says: '6 s behind' },
  { aheadMs: 60_000, result: 'warning', says: '60 s ahead of' },
  { aheadMs: -61_000, result: 'failed', says: '61 s behind' },
])('a clock that is $aheadMs ms ahead: $result', ({ aheadMs, result, says }) => {
  expect(judgeClock(aheadMs)).toMatchObject({
    result,
    finding: expect.stringContaining(says),
    values: { ahead_ms: aheadMs },
  });
});
