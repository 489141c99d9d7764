/** Hosts that end by themselves: without work, at their age, and when EC2 takes them back; and how they join. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { startImds } from '../support/imds/index.ts';
import { freePort } from './support/ports.ts';
import { statusOf, untilJob } from './support/run.ts';
import { Scene } from './support/scene.ts';
import { until } from './support/until.ts';

const TOKEN = 'the-token-of-serve-0123456789';
const auth = { headers: { Authorization: `Bearer ${TOKEN}` } };

async function start(args: readonly string[] = []) {
  const scene = await Scene.create();
  const shape = { blocksPerSlice: 1000, stride: 1000, version: '1.2.2', fromGenesis: false };
  const chain = await writeSampleChain({ folder: scene.path('chain'), slices: 1, ...shape });
  return { scene, ...(await scene.serve(chain.manifestPath, args)) };
}

describe('a host ends by itself, and its exit code says so', () => {
  test('without work', async () => {
    const { scene, url } = await start();
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const worker = scene.work('alpha', url, ['--nodeos', nodeos, '--idle-timeout', '2s'], { stay: true });
    expect(await worker.finished).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('no work for 2 s'),
    });
    expect((await statusOf(url)).jobs).toMatchObject([{ status: 'COMPLETE' }]);
  });

  test('without an orchestrator', async () => {
    const scene = await Scene.create();
    const gone = `http://127.0.0.1:${await freePort()}`;
    expect((await scene.work('alpha', gone, ['--idle-timeout', '1s'], { stay: true }).finished).code).toBe(7);
  });

  test.each(['spot/instance-action', 'events/recommendations/rebalance'])(
    'when EC2 takes it back (%s), and gives its job back at once',
    async (item) => {
      const { scene, url } = await start();
      const imds = await startImds();
      scene.onEnd(() => imds.close());
      imds.items.set('instance-id', 'i-0123456789abcdef0');
      const nodeos = await scene.standIn({ version: '1.2.2', blocksPerSecond: 20 });
      const env = { AWS_EC2_METADATA_SERVICE_ENDPOINT: imds.url };
      const worker = scene.work('alpha', url, ['--nodeos', nodeos], { stay: true, env });
      await untilJob(url, 1, 'is being replayed', ({ status }) => status === 'WORKING');

      imds.items.set(item, '{"action":"terminate","time":"2026-11-22T08:22:00Z"}');

      expect((await worker.finished).code).toBe(7);
      const { jobs } = await statusOf(url);
      expect(jobs).toMatchObject([{ status: 'WAITING_4_WORKER', error_cause: 'interrupted' }]);
      expect(jobs[0]!.error_message).toContain('spot instance');
      const hosts = (await (await fetch(`${url}/hosts`)).json()) as { instance_id: string }[];
      expect(hosts.map(({ instance_id: id }) => id)).toEqual(['i-0123456789abcdef0']);
    },
  );

  test('when EC2 takes it back, whatever proxy the environment names', async () => {
    const { scene, url } = await start();
    const imds = await startImds();
    scene.onEnd(() => imds.close());
    imds.items.set('spot/instance-action', '{"action":"terminate","time":"2026-11-22T08:22:00Z"}');
    const proxy = `http://127.0.0.1:${await freePort()}`;
    const env = { AWS_EC2_METADATA_SERVICE_ENDPOINT: imds.url, HTTP_PROXY: proxy, NO_PROXY: 'localhost' };
    const local = url.replace('127.0.0.1', 'localhost');
    expect((await scene.work('alpha', local, [], { stay: true, env }).finished).code).toBe(7);
  });

  test('at its age, and gives its job back', async () => {
    const { scene, url } = await start();
    const nodeos = await scene.standIn({ version: '1.2.2', blocksPerSecond: 20 });
    const worker = scene.work('alpha', url, ['--nodeos', nodeos, '--max-lifetime', '3s'], { stay: true });
    await untilJob(url, 1, 'is being replayed', ({ status }) => status === 'WORKING');
    expect((await worker.finished).code).toBe(7);
    expect((await statusOf(url)).jobs).toMatchObject([{ status: 'WAITING_4_WORKER' }]);
  });
});

describe('a host whose token is revoked', () => {
  test('loses its job to another one, and ends when its idle time is over', async () => {
    const { scene, url } = await start(['--token', TOKEN, '--lease', '4']);
    const admin = { headers: { ...auth.headers, Accept: 'application/vnd.replay.job+json' } };
    const made = await fetch(`${url}/tokens/join`, { method: 'POST', body: '{}', ...auth });
    const { token, id } = (await made.json()) as { token: string; id: string };
    const joinFile = scene.path('join.token');
    await writeFile(joinFile, token);
    const nodeos = await scene.standIn({ version: '1.2.2', blocksPerSecond: 20 });
    const flags = ['--nodeos', nodeos, '--join-token-file', joinFile, '--idle-timeout', '2s'];
    const job = async () =>
      ((await (await fetch(`${url}/status`, admin)).json()) as { status: string; error_cause: string }[])[0]!;
    const worker = scene.work('alpha', url, flags, { stay: true });
    await until('the replay', async () => (await job()).status === 'WORKING');

    const dataDir = ['--data-dir', scene.path('orchestrator')];
    const revoked = await scene.run(['tokens', 'revoke', id, '--with-hosts', ...dataDir]);
    expect(revoked).toMatchObject({ code: 0, stdout: expect.stringContaining('(alpha) is revoked') });
    await until('the end of the lease', async () => (await job()).status === 'WAITING_4_WORKER');
    expect(await job()).toMatchObject({ error_cause: 'host-lost' });

    // As its unit would: it is started again until it says that its host is to end.
    worker.kill('SIGKILL');
    await worker.finished;
    const codes: (number | null)[] = [];
    while (codes.at(-1) !== 7) {
      codes.push((await scene.work('alpha', url, flags, { stay: true }).finished).code);
    }
    // Refused, as often as it asks in that time.
    expect(new Set(codes.slice(0, -1))).toEqual(new Set(codes.length === 1 ? [] : [5]));
    expect(await job()).toMatchObject({ status: 'WAITING_4_WORKER' });
  });
});

describe('a host joins', () => {
  test('with the program that it fetched, and a join token that it forgets', async () => {
    const { scene, url, running } = await start(['--token', TOKEN]);
    const made = await fetch(`${url}/tokens/join`, { method: 'POST', body: '{}', ...auth });
    const { token } = (await made.json()) as { token: string };
    const headers = { Authorization: `Bearer ${token}` };
    const program = await fetch(`${url}/replay`, { headers });
    const file = Buffer.from(await program.arrayBuffer());
    expect(program.headers.get('content-length')).toBe(String(file.length));
    expect(file.equals(await readFile('dist/replay'))).toBe(true);

    const joinFile = scene.path('join.token');
    await writeFile(joinFile, token);
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const worker = scene.work('alpha', url, ['--nodeos', nodeos, '--join-token-file', joinFile]);
    expect((await worker.finished).code).toBe(0);
    await expect(stat(joinFile)).rejects.toThrow('ENOENT');
    const status = await fetch(`${url}/status`, {
      headers: { ...auth.headers, Accept: 'application/json' },
    });
    expect(await status.json()).toMatchObject([{ status: 'COMPLETE' }]);
    expect((await scene.run(['tokens', 'list', '--data-dir', scene.path('orchestrator')])).stdout).toMatch(
      /alpha +work/,
    );
    expect(running.stderr).not.toContain('rpl_');
  });
});
