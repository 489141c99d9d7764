import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { nodeosChecks } from '../../../src/core/doctor/nodeos-checks.ts';
import type { NodeosOptions } from '../../../src/core/doctor/nodeos-checks.ts';
import { runChecks } from '../../../src/core/doctor/run-checks.ts';
import type { FullJobRecord } from '../../../src/core/protocol/full-record.ts';
import { describeLocation } from '../../../src/core/storage/location.ts';
import { SourceError } from '../../../src/core/storage/source-error.ts';
import { fullRecord } from '../protocol/records.ts';

let options: NodeosOptions;
let asked: string[];
let answers: boolean;

beforeEach(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'replay-doctor-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  asked = [];
  answers = true;
  const head: NodeosOptions['source']['head'] = async (location) => {
    asked.push(describeLocation(location));
    if (!answers) throw new SourceError('connection', 'no connection');
    return { size: 1, etag: null };
  };
  options = { dataDir, nodeosPath: null, debUrlTemplate: null, source: { head } };
});

function look(...jobs: FullJobRecord[]) {
  return runChecks(nodeosChecks(jobs, options), 60_000);
}

const JOB = fullRecord({ spring_version: '1.2.2' });

it('looks for the package of each version that slices want, once', async () => {
  expect(await look(JOB, JOB)).toMatchObject([{ id: 'nodeos', subject: '1.2.2', result: 'ok' }]);
  expect(asked).toEqual([
    'https://github.com/AntelopeIO/spring/releases/download/v1.2.2/antelope-spring_1.2.2_amd64.deb',
  ]);
});

it('fails where the package cannot be fetched, and only warns while none is known to be wanted', async () => {
  answers = false;
  expect(await look(JOB)).toMatchObject([{ result: 'failed', mend: expect.stringContaining('--deb-url') }]);
  expect(await look()).toMatchObject([{ subject: null, result: 'warning' }]);
});

it('looks at the nodeos that is given, and asks nobody', async () => {
  options.nodeosPath = join(options.dataDir, 'nodeos');
  expect(await look(JOB)).toMatchObject([{ subject: options.nodeosPath, result: 'failed' }]);
  await writeFile(options.nodeosPath, '#!/bin/sh\necho v5.0.3\n', { mode: 0o755 });
  expect(await look(JOB)).toMatchObject([{ result: 'ok', values: { version: 'v5.0.3' } }]);
  expect(asked).toEqual([]);
});

it('shows no secrets of the address of a package, and finds a package that is no file here', async () => {
  const url = fullRecord({ manifest_nodeos_version: 'https://u:secret@mirror/n.deb?token=secret' });
  expect(JSON.stringify(await look(url))).not.toContain('secret');
  const path = fullRecord({ manifest_nodeos_version: join(options.dataDir, 'no.deb') });
  expect(await look(path)).toMatchObject([{ result: 'failed' }]);
});
