/** Whatever goes wrong with nodeos ends as ERROR with a cause, a message to act on, and the last log lines. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { StandInWrapper } from '../../src/nodeos/stand-in/wrapper.ts';
import { start as startHttp } from '../support/http-file-server/index.ts';
import {
  copyRealChain,
  type ManifestSlice,
  type RealChain,
  REAL_CHAINS,
  realSlices,
  writeManifest,
} from './support/chains.ts';
import { type OneSliceEnd, runOneSlice } from './support/one-slice.ts';
import { reportOf, statusOf } from './support/run.ts';
import { Scene } from './support/scene.ts';

interface Trouble {
  chain?: RealChain;
  standIn?: Partial<StandInWrapper>;
  work?: (scene: Scene) => Promise<string[]>;
  slice?: (slice: ManifestSlice, scene: Scene) => ManifestSlice;
}

/** The second slice of a real chain (Spring 1006 to 2004, Leap 1001 to 2002), with something wrong. */
async function runInto({ chain = 'spring', standIn, work, slice }: Trouble): Promise<OneSliceEnd> {
  const scene = await Scene.create();
  await copyRealChain(chain, scene.path('chain'));
  const second = realSlices(chain)[1]!;
  const absolute = { ...second, snapshot_path: scene.path('chain', second.snapshot_path) };
  const nodeos = await scene.standIn({ version: REAL_CHAINS[chain].version, ...standIn });
  return runOneSlice(scene, {
    slice: slice?.(absolute, scene) ?? absolute,
    work: ['--nodeos', nodeos, ...((await work?.(scene)) ?? [])],
  });
}

interface Row {
  faults: string;
  cause: string;
  stage: string;
  message: RegExp;
  /** What nodeos itself had said last, or something else of its last lines. */
  log: RegExp;
  chain?: RealChain;
  work?: string[];
}

const STARTED = /chain database started with hash/u;

const ROWS: Row[] = [
  {
    faults: 'crash@1500',
    cause: 'nodeos-crash',
    stage: 'replay',
    message: /SIGABRT.*another host/su,
    log: STARTED,
  },
  {
    faults: 'sigbus@1500',
    cause: 'disk-full',
    stage: 'replay',
    message: /SIGBUS.*disk.*Free disk space/su,
    log: STARTED,
  },
  {
    faults: 'oom@1500',
    cause: 'out-of-memory',
    stage: 'replay',
    message: /SIGKILL.*more memory/su,
    log: STARTED,
  },
  {
    faults: 'exit-0@1500',
    cause: 'no-evidence',
    stage: 'replay',
    message: /without an error at block 1[45]\d\d, before the end block 2004.*Find out who stops/su,
    log: /successfully exiting/u,
  },
  {
    faults: 'exit-0-no-hash',
    cause: 'no-evidence',
    stage: 'hash',
    message: /reached the end block 2004, but printed no hash/u,
    log: /successfully exiting/u,
  },
  {
    faults: 'disk-full@1500',
    cause: 'disk-full',
    stage: 'replay',
    message: /threshold.*Free disk space/su,
    log: /threshold/u,
  },
  {
    faults: 'head-beyond',
    cause: 'no-evidence',
    stage: 'hash',
    message: /went on to block 2007, past the end block 2004/u,
    log: /successfully exiting/u,
  },
  {
    faults: 'dirty-state',
    cause: 'nodeos-crash',
    stage: 'load',
    message: /not closed properly.*dirty/isu,
    log: /dirty/u,
  },
  {
    faults: 'hang@1700',
    cause: 'stalled',
    stage: 'replay',
    message:
      /Nothing moved in the replay for 2 s, at block 1700: nodeos is alive but replays no further.*raise --stall-timeout/su,
    log: STARTED,
    work: ['--stall-timeout', '2'],
  },
  {
    faults: 'silent-load',
    cause: 'stalled',
    stage: 'load',
    message: /Nothing moved in loading the snapshot for 2 s.*raise --load-timeout/su,
    log: /Starting initialization from snapshot/u,
    work: ['--load-timeout', '2'],
  },
  {
    faults: 'silent-load,ignore-sigterm',
    cause: 'stalled',
    stage: 'load',
    message: /Nothing moved in loading the snapshot for 1 s/u,
    log: /Starting initialization from snapshot/u,
    work: ['--load-timeout', '1'],
  },
  {
    chain: 'leap',
    faults: 'http-wrong-head',
    cause: 'no-evidence',
    stage: 'hash',
    message: /2001.*2002/su,
    log: /Blockchain started; head block is #2002/u,
  },
  {
    chain: 'leap',
    faults: 'port-in-use',
    cause: 'nodeos-crash',
    stage: 'hash',
    message: /port, which another process holds.*Another attempt picks other ports/su,
    log: /in use/u,
  },
  {
    chain: 'leap',
    faults: 'crash@1500',
    cause: 'nodeos-crash',
    stage: 'replay',
    message: /SIGABRT/u,
    log: STARTED,
  },
  {
    chain: 'leap',
    faults: 'exit-0@1500',
    cause: 'no-evidence',
    stage: 'replay',
    message: /SIGTERM, SIGINT or SIGHUP/u,
    log: /successfully exiting/u,
  },
];

describe('a fault of nodeos', () => {
  test.each(ROWS)('$faults: $cause', async ({ faults, cause, stage, message, log, chain, work }) => {
    const { worker, job, orchestrator } = await runInto({
      ...(chain === undefined ? {} : { chain }),
      standIn: { faults },
      work: async () => work ?? [],
    });

    expect(worker.code).toBe(1);
    expect(job).toMatchObject({
      status: 'ERROR',
      verdict: null,
      error_cause: cause,
      stage,
      attempt: 1,
      actual_integrity_hash: null,
      lease_expires_at: null,
    });
    expect(job.error_message).toMatch(message);
    expect(job.end_time).not.toBeNull();
    expect(job.attempts).toMatchObject([{ outcome: 'ERROR', error_cause: cause, worker_id: 'alpha' }]);
    expect(worker.stdout).toContain(`failed, ${cause}: `);

    const response = await fetch(`${orchestrator.url}/job/log?jobid=1`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/plain; charset=utf-8',
    ]);
    expect(await response.text()).toMatch(log);

    const report = await reportOf(orchestrator.url);
    expect(report.code).toBe(1);
    expect(report.text).toContain(
      `Job Id: 1, Configuration Slice: 1, Status: ERROR\n    blocks    ${job.start_block_num} to ${job.end_block_num}\n    cause     ${cause}\n`,
    );
    expect(report.json.failed_jobs).toMatchObject([
      { job_id: 1, configuration_slice: 1, status: 'ERROR', error_cause: cause },
    ]);
  });

  test('a final hash that takes longer than --hash-timeout: stalled', async () => {
    const { job } = await runInto({
      standIn: { hashMs: 3000 },
      work: async () => ['--load-timeout', '20', '--hash-timeout', '1'],
    });
    expect(job).toMatchObject({ status: 'ERROR', error_cause: 'stalled', stage: 'hash' });
    expect(job.error_message).toMatch(/Nothing moved in the final hash for 1 s/u);
  });

  test('a slow start within its limits is no failure', async () => {
    const { job } = await runInto({
      standIn: { loadMs: 1500, hashMs: 200 },
      work: async () => ['--load-timeout', '10', '--hash-timeout', '10'],
    });
    expect(job).toMatchObject({ status: 'COMPLETE', verdict: 'VERIFIED' });
  });
});

describe('a slice or a host that nodeos refuses', () => {
  test.each<[string, Trouble, string, RegExp]>([
    [
      'a snapshot of another block than the slice starts at',
      { slice: (slice) => ({ ...slice, start_block_id: 1100 }) },
      'bad-job',
      /snapshot is of block 1006, and the slice starts at 1100/u,
    ],
    [
      "Spring's snapshot for Leap",
      {
        slice: (slice) => ({ ...slice, spring_version: undefined, leap_version: '5.0.3' }),
        standIn: { version: '5.0.3' },
      },
      'bad-job',
      /snapshots of this version/u,
    ],
    [
      'a state database that is too small',
      { slice: (slice) => ({ ...slice, nodeos_options: ['--chain-state-db-size-mb=1'] }) },
      'bad-job',
      /state database that is too small.*chain-state-db-size-mb/su,
    ],
    [
      'an option in --nodeos-config that this build does not know',
      { work: async (scene) => ['--nodeos-config', await scene.write('extra.ini', 'frobnicate = 1\n')] },
      'install',
      /refused its configuration.*frobnicate/su,
    ],
    [
      'block files of another chain',
      {
        slice: (slice) => ({
          ...slice,
          start_block_id: 1006,
          blocks_path: `${REAL_CHAINS.leap.folder}/blocks`,
        }),
      },
      'blocks-log',
      /another chain.*blocks_path/su,
    ],
    [
      'block files that end before the slice does',
      { slice: (slice) => ({ ...slice, end_block_id: 9000 }) },
      'blocks-log',
      /do not hold blocks 6867 to 9000/u,
    ],
    [
      'a folder of block files that does not exist',
      { slice: (slice, scene) => ({ ...slice, blocks_path: scene.path('nowhere') }) },
      'blocks-log',
      /nowhere do not hold blocks 1007 to 2004/u,
    ],
    [
      'a snapshot that does not exist',
      { slice: (slice, scene) => ({ ...slice, snapshot_path: scene.path('chain/snapshots/none.bin.zst') }) },
      'bad-job',
      /chain\/snapshots\/none\.bin\.zst/u,
    ],
  ])('%s', async (_what, trouble, cause, message) => {
    const { worker, job } = await runInto(trouble);
    expect(worker.code).toBe(1);
    expect(job).toMatchObject({ status: 'ERROR', error_cause: cause });
    expect(job.error_message).toMatch(message);
  });

  test('options of the slice and of the host reach nodeos', async () => {
    const scene = await Scene.create();
    await copyRealChain('spring', scene.path('chain'));
    const second = realSlices('spring')[1]!;
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const config = await scene.write('extra.ini', '# ours\nchain-state-db-size-mb = 2048\n');
    const { job } = await runOneSlice(scene, {
      slice: {
        ...second,
        snapshot_path: scene.path('chain', second.snapshot_path),
        nodeos_options: ['--wasm-runtime=eos-vm'],
      },
      work: ['--nodeos', nodeos, '--nodeos-config', config],
    });
    expect(job).toMatchObject({ verdict: 'VERIFIED', nodeos_options: ['--wasm-runtime=eos-vm'] });
    const log = await readFile(scene.path('alpha/logs/job-1-attempt-1/replay.log'), 'utf8');
    expect(log).toMatch(/wasm-runtime = eos-vm/u);
    expect(log).toMatch(/chain-state-db-size-mb = 2048/u);
  });
});

describe('what keeps a worker from starting', () => {
  test.each<[string, number, (scene: Scene) => Promise<string[]>, RegExp]>([
    [
      'too little disk',
      6,
      async () => ['--min-free-disk', '9000000'],
      /are needed \(--min-free-disk\).*lower --min-free-disk/su,
    ],
    [
      'a --nodeos-config that cannot be read',
      3,
      async () => ['--nodeos-config', 'nowhere.ini'],
      /nowhere\.ini/u,
    ],
    [
      'a --nodeos-config with what is no setting',
      3,
      async (scene) => ['--nodeos-config', await scene.write('bad.ini', 'wasm-runtime = eos-vm\nnonsense\n')],
      /bad\.ini:2: nonsense/u,
    ],
    ['a peer without a port', 2, async () => ['--peer', 'p2p.example.org'], /"p2p\.example\.org"/u],
  ])('%s: exit code %i, and no job is taken', async (_what, exitCode, flags, message) => {
    const scene = await Scene.create();
    const manifest = await writeManifest(scene.path('manifest.json'), realSlices('spring'));
    const { url } = await scene.serve(manifest);
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const args = ['--orchestrator', url, '--data-dir', 'alpha', '--nodeos', nodeos, '--once'];
    const given = await flags(scene);
    const disk = given.includes('--min-free-disk') ? [] : ['--min-free-disk', '0'];

    const { code, stdout, stderr } = await scene.run(['work', ...args, ...disk, ...given]);

    expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' });
    expect(stderr).toMatch(message);
    const { summary } = await statusOf(url);
    expect(summary.statuses['WAITING_4_WORKER']).toBe(6);
  });

  test('an orchestrator that is something else: exit code 5', async () => {
    const scene = await Scene.create();
    const server = await startHttp({ root: new Map([['index.html', Buffer.from('<html>hello</html>')]]) });
    scene.onEnd(() => server.close());
    const { code, stderr } = await scene.work('alpha', server.url, []).finished;
    expect(code).toBe(5);
    expect(stderr).toContain(server.url);
  });
});
