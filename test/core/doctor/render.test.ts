import { expect, it } from 'vitest';
import { jsonOfChecks, renderChecks } from '../../../src/core/doctor/render.ts';
import { failed, ok, skipped, warning } from '../../../src/core/doctor/finding.ts';
import type { CheckResult } from '../../../src/core/doctor/run-checks.ts';

const RESULTS: CheckResult[] = [
  { id: 'memory', subject: null, timedOut: false, ...ok('16.0 GiB of memory are available') },
  { id: 'zstd', subject: null, timedOut: false, ...warning('It is missing', 'Install it.') },
  {
    id: 'storage',
    subject: 's3://b/k\u001B[2J',
    timedOut: false,
    ...failed('There is nothing', 'Put it there.'),
  },
  { id: 'token', subject: null, timedOut: false, ...skipped('no --orchestrator was given') },
];

it('gives each result a word, and what to do below it', () => {
  expect(renderChecks(RESULTS, { width: null, colour: false })).toBe(
    [
      'ok       memory   16.0 GiB of memory are available',
      'WARNING  zstd     It is missing',
      '                  → Install it.',
      'FAILED   storage  s3://b/k: There is nothing',
      '                  → Put it there.',
      'skipped  token    no --orchestrator was given',
      '',
      'Not ready: 1 ok, 1 warning, 1 failed, 1 skipped.',
      '',
    ].join('\n'),
  );
});

it('breaks lines at the width of a terminal, and colours only the words', () => {
  const text = renderChecks(RESULTS, { width: 50, colour: true });
  expect(text).toContain('\u001B[31mFAILED \u001B[0m  storage');
  const plain = renderChecks([RESULTS[0]!], { width: 40, colour: false });
  expect(plain).toContain('ok       memory  16.0 GiB of memory are\n                 available\n');
});

it('is well for programs as long as nothing failed', () => {
  expect(jsonOfChecks(RESULTS, { role: 'work', dataDir: '/d' })).toMatchObject({
    ok: false,
    role: 'work',
    data_dir: '/d',
  });
  expect(jsonOfChecks(RESULTS.slice(0, 2), { role: 'work', dataDir: '/d' })).toMatchObject({ ok: true });
  expect(jsonOfChecks(RESULTS.slice(0, 1), { role: 'work', dataDir: '/d' })).toHaveProperty('checks', [
    {
      id: 'memory',
      subject: null,
      result: 'ok',
      finding: '16.0 GiB of memory are available',
      mend: null,
      values: {},
    },
  ]);
});
