import { expect, it } from 'vitest';
import { parseLimits, parseMeminfo, prettyName, readTool } from '../../../src/core/doctor/host-facts.ts';

it('reads the memory of proc(5) in bytes', () => {
  const text = 'MemTotal:       24684084 kB\nMemFree:         1 kB\nMemAvailable:   24000000 kB\n';
  expect(parseMeminfo(text)).toEqual({ total: 24_684_084 * 1024, available: 24_000_000 * 1024 });
  expect(parseMeminfo('')).toEqual({ total: null, available: null });
});

it('reads the soft limits of a process', () => {
  const text = [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    'Max file size             unlimited            unlimited            bytes     ',
    'Max open files            1024                 524288               files     ',
  ].join('\n');
  expect(parseLimits(text)).toEqual({ openFiles: 1024, fileSize: null });
  expect(parseLimits('')).toEqual({ openFiles: null, fileSize: null });
});

it('reads the name of a system with quotes and without', () => {
  expect(prettyName('ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n')).toBe(
    'Debian GNU/Linux 12 (bookworm)',
  );
  expect(prettyName('PRETTY_NAME=Alpine\n')).toBe('Alpine');
  expect(prettyName('ID=x\n')).toBeNull();
});

it('knows a tool that is not there', async () => {
  const { signal } = new AbortController();
  expect(await readTool('replay-no-such-tool', signal)).toBeNull();
  expect((await readTool('ls', signal))?.firstLine).toContain('ls');
});
