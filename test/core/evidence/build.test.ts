import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { zstdDecompressSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import { describe, expect, it, onTestFinished } from 'vitest';
import { evidenceArchive } from '../../../src/core/evidence/archive.ts';
import { evidenceFiles } from '../../../src/core/evidence/build.ts';
import type { EvidenceOfJob } from '../../../src/core/evidence/evidence.ts';
import { quote } from '../../../src/core/evidence/shell.ts';
import { parseManifest } from '../../../src/core/domain/manifest/parse.ts';
import { attemptRecord } from '../protocol/records.ts';
import { aJob, aSummary } from '../report/builders.ts';
import { anEvidence, anInput } from './support.ts';

const run = promisify(execFile);

function fileOf(input: EvidenceOfJob, name: string): string {
  const found = evidenceFiles(input).find((file) => file.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found.content;
}

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-evidence-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function checkSyntax(script: string): Promise<void> {
  const file = join(await scratch(), 'commands.sh');
  await writeFile(file, script);
  await run('bash', ['-n', file]);
}

const HOSTILE = [
  `it's "$(touch pwned)" \`touch pwned\``,
  'a\nb; touch pwned #',
  '--x=$HOME\\',
  "';touch pwned;'",
  "\u001B[2Ja'\u0085\u202Eb\tc\\",
  '',
];

describe('the archive', () => {
  it('has every file under one folder, and is the same for the same input', async () => {
    const first = await evidenceArchive(anInput());
    expect(await evidenceArchive(anInput())).toEqual(first);
    const entries = await unpackTar(zstdDecompressSync(first));
    expect(entries.map(({ header }) => header.name)).toEqual(
      [
        'README.md',
        'commands.sh',
        'config.ini',
        'manifest.json',
        'job.json',
        'hashes.json',
        'attempts/1/record.json',
        'attempts/1/nodeos.log',
        'attempts/1/evidence.json',
      ].map((name) => `replay-run-3-job-7-attempt-1/${name}`),
    );
    // The end of the attempt.
    expect(new Set(entries.map(({ header }) => header.mtime?.toISOString()))).toEqual(
      new Set(['2026-11-22T11:00:00.000Z']),
    );
  });

  it('has a manifest of the one slice, with all that the slice says', () => {
    const job = aJob({
      snapshot_path: 's3://bucket/snapshots/a.bin.zst',
      nodeos_options: ['--wasm-runtime=eos-vm'],
      blocks_path: 's3://bucket/blocks',
      snapshot_sha256: 'cd'.repeat(32),
      expected_integrity_hash: null,
    });
    const text = fileOf(anInput({ job }), 'manifest.json');
    expect(JSON.parse(text)).toEqual([
      {
        start_block_id: 1000,
        end_block_id: 3000,
        snapshot_path: 's3://bucket/snapshots/a.bin.zst',
        storage_type: 's3',
        expected_integrity_hash: '',
        leap_version: '5.0.2',
        nodeos_options: ['--wasm-runtime=eos-vm'],
        blocks_path: 's3://bucket/blocks',
        snapshot_sha256: 'cd'.repeat(32),
      },
    ]);
    expect(parseManifest(text, () => [])).toMatchObject({ ok: true });
  });

  it('names the neighbours, the conflicts and the suspects of the slice, and no others', () => {
    const conflict = {
      block: 3000,
      configid: 7,
      version: '5.0.2',
      actual: null,
      snapshot: null,
      known: null,
    };
    const suspect = {
      snapshot_path: 'https://u:p@host/b?sig=x',
      ending_configid: 7,
      starting_configid: 8,
      reason: 'why',
    };
    const more = { attempts: [], older_snapshots: [] };
    const run = aSummary({
      hash_conflicts: [
        { ...conflict, ...more },
        { ...conflict, ...more, block: 9, configid: 1 },
      ],
      suspect_snapshots: [
        { ...suspect, block: 3000 },
        { ...suspect, block: 9 },
      ],
    });
    const after = [aJob({ job_id: 8, start_block_num: 3000, end_block_num: 5000 })];
    const hashes = JSON.parse(fileOf(anInput({ run, after }), 'hashes.json')) as Record<string, unknown>;
    expect(hashes).toMatchObject({
      end_block: 3000,
      hash_conflicts: [{ block: 3000 }],
      suspect_snapshots: [{ block: 3000, snapshot_path: 'https://host/b' }],
      slices_that_end_at_the_start: [],
      slices_that_start_at_the_end: [{ job_id: 8, start_block_num: 3000 }],
    });
  });
});

describe('what an older worker leaves', () => {
  const bare = anInput({ evidence: new Map(), logs: new Map() });

  it('is said to be incomplete, and there is a usual command all the same', async () => {
    expect(fileOf(bare, 'README.md')).toContain('The worker reported neither its host');
    const script = fileOf(bare, 'commands.sh');
    expect(script).toContain('did not report its command line');
    expect(script).toContain('--terminate-at-block 3000 --integrity-hash-on-start');
    expect(fileOf(bare, 'config.ini')).toContain('This is what replay usually writes');
    await checkSyntax(script);
  });

  it('has no file for what is not there', () => {
    expect(evidenceFiles(bare).map(({ name }) => name)).not.toContain('attempts/1/nodeos.log');
  });
});

describe('secrets', () => {
  it('are in no file', () => {
    const url = 'https://user:hunter2@host/a.bin?X-Amz-Signature=hunter2&tok=hunter2';
    const job = aJob({
      ...anInput().job,
      snapshot_path: url,
      blocks_path: url,
      genesis_path: url,
      manifest_nodeos_version: url,
      attempts: [attemptRecord({ error_message: `fetching ${url.replace('&tok=hunter2', '')} failed` })],
    });
    const told = anEvidence({
      start: { kind: 'snapshot', location: url, bytes: 1, sha256: null },
      blocks: { ...anEvidence().blocks!, location: url },
      nodeos: { ...anEvidence().nodeos!, package: url },
    });
    const input = anInput({
      job,
      evidence: new Map([[1, told]]),
      logs: new Map([[1, 'Bearer hunter2-hunter2\n']]),
    });
    const leaks = evidenceFiles(input).filter(
      // What workers send is masked by them, and its known forms once more here.
      ({ name, content }) =>
        content.replaceAll('&tok=hunter2', '').includes('hunter2') ||
        (!name.startsWith('attempts/') && content.includes('hunter2')),
    );
    expect(leaks.map(({ name }) => name)).toEqual([]);
    expect(fileOf(input, 'README.md')).toContain('were left out of all addresses');
  });
});

describe('the commands', () => {
  it('are those of the worker, with its folder replaced by one of the reader', () => {
    const script = fileOf(anInput(), 'commands.sh');
    expect(script).toContain(
      '"$NODEOS" --snapshot "$WORK"/snapshot.bin --data-dir "$WORK"/data --terminate-at-block 3000',
    );
    expect(script).toContain(
      'get s3://bucket/blocks/blocks-0001001-0003000.log.zst "$WORK/data/blocks/retained/"blocks-1001-3000.log',
    );
    expect(script).toContain('get https://github.com/AntelopeIO/leap/');
  });

  it.each(HOSTILE)('quotes %j so that the shell reads just that', async (word) => {
    const { stdout } = await run('bash', ['-c', `printf %s ${quote(word)}`]);
    expect(stdout).toBe(word);
  });

  it('run nothing that a manifest or a worker wrote', async () => {
    for (const word of HOSTILE) {
      const told = anEvidence({
        directory: word,
        start: { kind: 'snapshot', location: word, bytes: 1, sha256: word },
        blocks: { location: word, first: 1, last: 2, files: [{ name: word, from: word, bytes: 1 }] },
        nodeos: {
          ...anEvidence().nodeos!,
          path: word,
          version: word,
          full_version: word,
          sha256: word,
          package: word,
        },
        commands: [
          { purpose: 'replay', arguments: [word, `${word}/x`], config_ini: word },
          { purpose: 'read-only', arguments: [word], config_ini: `http-server-address = 127.0.0.1:1${word}` },
        ],
      });
      const job = aJob({
        ...anInput().job,
        snapshot_path: word,
        snapshot_sha256: word,
        leap_version: word,
        nodeos_options: [word],
        blocks_path: word,
      });
      for (const evidence of [new Map([[1, told]]), new Map()]) {
        const folder = await scratch();
        const script = fileOf(anInput({ job, evidence }), 'commands.sh');
        await writeFile(join(folder, 'commands.sh'), script);
        await writeFile(join(folder, 'config.ini'), '');
        await writeFile(join(folder, 'nodeos'), '#!/bin/sh\nprintf "%s\\n" "$@" >> "$0.args"\n', {
          mode: 0o755,
        });
        const env = { PATH: '/usr/bin:/bin', NODEOS: join(folder, 'nodeos'), WORK: join(folder, 'work') };
        await run('bash', ['commands.sh', 'install', 'run'], { cwd: folder, env });
        // Whatever cannot be fetched ends the step; nothing else happens.
        await run('bash', ['commands.sh', 'fetch_start'], { cwd: folder, env }).catch(() => undefined);
        await run('bash', ['commands.sh', 'fetch_blocks'], { cwd: folder, env }).catch(() => undefined);
        await expect(readFile(join(folder, 'pwned'))).rejects.toThrow('ENOENT');
        // The words arrive as they were written: those of the worker, or the options of the slice.
        const given = await readFile(join(folder, 'nodeos.args'), 'utf8');
        expect(given).toContain(evidence.size > 0 ? `${word}\n` : word.replace(/^(?!-)/u, '--'));
      }
    }
  });
});

describe('the README', () => {
  it('says what failed, in words and numbers', () => {
    const text = fileOf(anInput(), 'README.md');
    expect(text).toContain('# Job 7 of run 3, attempt 1');
    expect(text).toContain('host-1 ended it in ERROR with the cause nodeos-crash, at block 2500.');
    expect(text).toContain('    nodeos was ended by SIGSEGV');
    expect(text).toContain('| nodeos | `v5.0.2-0123456789` |');
  });

  it('lets foreign text neither drive a terminal nor be markup', () => {
    const attempt = attemptRecord({
      outcome: 'ERROR',
      worker_id: 'evil\u001B[2J',
      error_message: '# not a heading\u001B]0;x\u0007\n| nor | a table',
    });
    const told = anEvidence();
    told.host.hostname = '`|<b>';
    const input = anInput({ job: aJob({ attempts: [attempt] }), evidence: new Map([[1, told]]) });
    const text = fileOf(input, 'README.md');
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/u);
    expect(text).toContain("| host | `'\\|<b>` |");
    expect(text).not.toMatch(/^# not/mu);
  });
});
