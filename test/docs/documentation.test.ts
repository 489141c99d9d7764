import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../bin/cli-config.ts';
import { COMMANDS } from '../../src/commands/index.ts';
import { checkEntries } from '../../src/commands/support/defaults/check-entries.ts';
import { commandFlags } from '../../src/commands/support/defaults/command-flags.ts';
import { readEntries } from '../../src/commands/support/defaults/entries.ts';
import { tokenRecord } from '../../src/commands/support/token-view.ts';
import { CHECK_IDS } from '../../src/core/doctor/finding.ts';
import { CAUSES } from '../../src/core/domain/cause.ts';
import { NEW_ACCOUNT } from '../../src/core/domain/cost.ts';
import { FIELD_NAMES } from '../../src/core/domain/manifest/fields.ts';
import { toHostRecord } from '../../src/core/protocol/to-host-record.ts';
import { damagedRunRecord } from '../../src/core/protocol/run-record.ts';
import { comparisonJson } from '../../src/core/report/compare/json.ts';
import { compareRuns } from '../../src/core/report/compare/model.ts';
import { renderJson } from '../../src/core/report/json.ts';
import { buildReport } from '../../src/core/report/model.ts';
import { notification, toldHost, toldOfJob, toldSummary } from '../../src/core/notify/describe.ts';
import { bodyOf, messageOf } from '../../src/core/notify/message.ts';
import { KINDS } from '../../src/core/notify/notification.ts';
import { summarise } from '../../src/core/domain/summary.ts';
import { aJob as aDomainJob, anAttempt } from '../core/domain/builders.ts';
import { attemptRecord } from '../core/protocol/records.ts';
import { aJob, aSummary } from '../core/report/builders.ts';

const ROOT = resolve(import.meta.dirname, '../..');

function read(name: string): string {
  return readFileSync(join(ROOT, name), 'utf8');
}

const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

function named(document: string): Set<string> {
  return new Set(Array.from(read(document).matchAll(/`([a-z0-9_-]+)`/gu), ([, word = '']) => word));
}

/** The keys of a value and of everything in it. */
function keysOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(keysOf);
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]);
}

const SUMMARY = aSummary({
  failed_jobs: [{ status: 'ERROR', jobid: 1, configid: 1 }],
  hash_conflicts: [
    {
      block: 3000,
      configid: 1,
      version: '5.0.2',
      actual: null,
      snapshot: null,
      known: null,
      attempts: [{ attempt: 1, worker_id: null, hash: 'aa', late: false }],
      older_snapshots: [],
    },
  ],
  suspect_snapshots: [
    { block: 3000, snapshot_path: 'b', ending_configid: 1, starting_configid: 2, reason: 'why' },
  ],
  cost: { usd: 1, usd_per_hour: 1, hosts_priced: 1, hosts_unpriced: 0 },
  hosts_set_aside: [
    {
      worker_id: 'a',
      since: '2026-11-22T10:00:00',
      failures: [{ job_id: 1, attempt: 1, error_cause: 'install', error_message: null }],
    },
  ],
  time_left: { low_seconds: 1, likely_seconds: 2, high_seconds: 3 },
});

const JOB = aJob({
  status: 'ERROR',
  attempts: [
    attemptRecord({
      late_results: [
        {
          at: '2026-11-22T10:00:00',
          status: 'ERROR',
          actual_integrity_hash: null,
          error_cause: null,
          error_message: null,
        },
      ],
    }),
  ],
});

const TOKEN = tokenRecord({
  id: '3f9a1c2b',
  name: null,
  rights: ['read'],
  sha256: '',
  createdAt: '2026-11-22T10:00:00.000Z',
  expiresAt: null,
});

const JSON_OUTPUTS: [what: string, value: unknown][] = [
  ['status --json', { summary: SUMMARY, jobs: [JOB, aJob({ verdict: 'PENDING' })] }],
  [
    'GET /hosts',
    toHostRecord({
      workerId: 'a',
      firstSeen: 0,
      lastHeard: 0,
      silentMs: 0,
      isSeen: true,
      isSetAside: false,
      account: NEW_ACCOUNT,
      report: null,
      job: null,
      history: { complete: 1, failed: 0, newest: [{ jobId: 1, sliceId: 1, attempt: anAttempt() }] },
    }),
  ],
  [
    'runs compare --json',
    comparisonJson(compareRuns({ summary: SUMMARY, jobs: [aJob()] }, { summary: SUMMARY, jobs: [aJob()] })),
  ],
  ['runs list --json', { runs: [damagedRunRecord(1, true, '')] }],
  ['report --json', renderJson(buildReport(SUMMARY, [JOB, aJob({ verdict: 'PENDING' }), aJob()]))],
];

describe('docs/json-output.md', () => {
  const KEYS_OF_COUNTS = ['statuses', 'verdicts'].flatMap((field) =>
    keysOf(SUMMARY[field as 'statuses' | 'verdicts']),
  );

  test.each(JSON_OUTPUTS)('names every field of %s', (_what, value) => {
    const words = named('docs/json-output.md');
    const lists = new Set([
      'summary',
      'jobs',
      'runs',
      ...KEYS_OF_COUNTS,
      'install',
      'fetch',
      'load',
      'replay',
      'hash',
    ]);
    expect(keysOf(value).filter((key) => !words.has(key) && !lists.has(key))).toEqual([]);
  });

  test('names every field of a token', () => {
    const text = read('docs/json-output.md');
    expect(Object.keys(TOKEN).filter((key) => !text.includes(`"${key}"`))).toEqual([]);
  });
});

test.each(['docs/json-output.md', 'docs/operation.md'])('%s names every check of the doctor', (document) => {
  const words = named(document);
  expect(CHECK_IDS.filter((id) => !words.has(id))).toEqual([]);
});

test('docs/manifest.md names every field of a slice', () => {
  const words = named('docs/manifest.md');
  expect(FIELD_NAMES.filter((name) => !words.has(name))).toEqual([]);
});

test('docs/notifications.md names every kind and every field', () => {
  const words = named('docs/notifications.md');
  const told = notification(
    { source: '', runId: 1, runKey: '', publicUrl: null },
    { id: '', kind: 'test', text: '', page: '', standIn: false },
    {
      job: toldOfJob(aDomainJob(), { kind: 'mismatch', attempt: 1, round: 1, mismatch: true }, null).job,
      host: toldHost({
        workerId: '',
        since: '',
        failures: [{ jobId: 1, attempt: 1, cause: 'install', message: null, at: '' }],
      }),
      summary: toldSummary(1, summarise([], { conflicts: [], suspects: [] }, new Date(0))),
    },
    '',
  );
  const body: unknown = JSON.parse(bodyOf(messageOf([told]), 'json'), (key, value: unknown) =>
    key === 'verdicts' ? null : value,
  );
  expect([...keysOf(body), ...KINDS].filter((name) => !words.has(name))).toEqual([]);
});

test('docs/operation.md names every cause of a failure', () => {
  const words = named('docs/operation.md');
  expect(CAUSES.filter((cause) => !words.has(cause))).toEqual([]);
});

test('README.md names every command', () => {
  const text = read('README.md');
  const names = Object.keys(COMMANDS).map((id) => `\`replay ${id.replaceAll(':', ' ')}\``);
  expect(names.filter((name) => !text.includes(name))).toEqual([]);
});

describe('docs/configuration.md', () => {
  const text = read('docs/configuration.md');

  test('names every environment variable, with its flag', () => {
    const flags = Object.values(COMMANDS).flatMap(({ flags }) => Object.entries(flags));
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    const missing = flags.filter(
      ([name, { env }]) =>
        env !== undefined && !rows.some((row) => row.includes(`\`${env}\``) && row.includes(`\`--${name}\``)),
    );
    expect(missing.map(([name]) => name)).toEqual([]);
  });

  test('has an example that can be used', async () => {
    const [, example = ''] = /```json\n(.*?)```/su.exec(text) ?? [];
    const { entries, mistakes } = readEntries(example);
    const commands = await commandFlags(await loadConfig());
    expect(entries.length).toBeGreaterThan(5);
    expect(mistakes).toEqual([]);
    expect(
      await checkEntries(entries, commands, { path: '/etc/replay/config.json', isShared: true }),
    ).toEqual([]);
  });
});

describe.each(DOCUMENTS)('%s', (document) => {
  const commands = Object.values(COMMANDS);

  test('names only flags and variables that are there', () => {
    const flags = commands.flatMap(({ flags }) => Object.entries(flags));
    const known = new Set(flags.flatMap(([name, { env = '' }]) => [`--${name}`, `--no-${name}`, env]));
    known.add('--help').add('--version').add('--no-').add('REPLAY_DEFAULTS').add('REPLAY_DEBUG');
    const typed = read(document)
      .split('\n')
      .filter((line) => /\breplay (?:serve|work|status|report|runs|demo|doctor|tokens)\b/u.test(line))
      .flatMap((line) => line.match(/(?<=\s)--[a-z][a-z-]+/gu) ?? []);
    const mentioned = Array.from(read(document).matchAll(/`(--[a-z][a-z-]+)|(REPLAY_[A-Z_]+)/gu));
    const names = [...typed, ...mentioned.map(([, flag, variable]) => flag ?? variable ?? '')];
    const strange = names.filter((name) => !known.has(name));
    expect(strange).toEqual([]);
  });

  test('links to no file that is not there', () => {
    const files = new Set(DOCUMENTS);
    const links = Array.from(read(document).matchAll(/docs\/[a-z-]+\.md/gu), ([link]) => link);
    expect(links.filter((link) => !files.has(link))).toEqual([]);
  });
});
