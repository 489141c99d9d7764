/** Webhooks that are told of a run, by the built program. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { LATE, LOSES_THE_ANSWER, Receiver, REFUSES, SILENT } from './support/receiver.ts';
import { Scene } from './support/scene.ts';
import { until } from './support/until.ts';

const SECRET = '/in/secret-part?key=secret-key';
const KNOWN = 'a'.repeat(64);

/** A manifest of slices whose end hashes are known; nobody ever fetches what it names. */
async function manifestOf(scene: Scene, slices: number): Promise<string> {
  const entries = Array.from({ length: slices }, (_, at) => ({
    start_block_id: 1000 * (at + 1),
    end_block_id: 1000 * (at + 1) + 100,
    snapshot_path: `s3://bucket/snapshot-${at}.bin`,
    storage_type: 's3',
    expected_integrity_hash: KNOWN,
    leap_version: '5.0.2',
  }));
  return scene.write('manifest.json', JSON.stringify(entries));
}

/** Claims the next job and ends it; returns when that is on disk. */
async function work(url: string, end: object): Promise<void> {
  const headers = { 'X-Replay-Worker': 'host-1', Accept: 'application/json' };
  const offered = await fetch(`${url}/job?nextjob`, { headers });
  const { job_id } = (await offered.json()) as { job_id: number };
  let etag = offered.headers.get('etag')!;
  for (const body of [{ status: 'STARTED' }, end]) {
    const init = { method: 'POST', headers: { ...headers, 'If-Match': etag }, body: JSON.stringify(body) };
    const answer = await fetch(`${url}/job?jobid=${job_id}`, init);
    expect(answer.status).toBe(200);
    etag = answer.headers.get('etag')!;
  }
}

const MISMATCH = { status: 'COMPLETE', actual_integrity_hash: 'b'.repeat(64) };
const FAILURE = { status: 'ERROR', error_message: 'it broke' };

async function urlFile(scene: Scene, ...urls: string[]): Promise<string[]> {
  return ['--notify-file', await scene.write('hooks', `# ours\n${urls.join('\n')}\n`)];
}

describe('a receiver', () => {
  test('that refuses, loses an answer and answers late gets everything, in order, under the same keys', async () => {
    const scene = await Scene.create();
    const receiver = await Receiver.start(scene);
    receiver.answers.push(REFUSES, LOSES_THE_ANSWER, LATE);
    const hooks = await urlFile(scene, receiver.url(SECRET));
    const { url, running } = await scene.serve(await manifestOf(scene, 2), [
      ...hooks,
      '--log-level',
      'debug',
    ]);

    await work(url, MISMATCH);
    await work(url, FAILURE);
    await until('all notifications', () => new Set(receiver.ids).size === 3 && receiver.ids.length === 5);

    const [mismatch, failed, ended] = [
      'job 1/attempt 1/mismatch',
      'job 2/attempt 1/job-failed',
      'ended/after 2 attempts/failed',
    ];
    expect(receiver.ids).toEqual([mismatch, mismatch, mismatch, failed, ended]);
    expect(new Set(receiver.received.slice(0, 3).map(({ key }) => key)).size).toBe(1);
    expect(receiver.received[0]!.body.notifications[0]!.text).toContain(`expected ${KNOWN}`);
    await running.waitFor(/delivered in the end/u);
    running.kill('SIGTERM');
    const { code, stdout, stderr } = await running.finished;
    expect(code).toBe(0);
    expect(stderr).toContain('HTTP 503');
    expect(stdout + stderr).not.toMatch(/secret-part|secret-key/u);
    expect(await readFile(scene.path('orchestrator', 'notifications.db'), 'utf8')).not.toMatch(
      /secret-part|secret-key/u,
    );
  });

  test('that does not answer holds up nothing; after a kill it gets the same again, and what came since', async () => {
    const scene = await Scene.create();
    const receiver = await Receiver.start(scene);
    receiver.answers.push(SILENT);
    const hooks = await urlFile(scene, receiver.url(SECRET));
    const manifest = await manifestOf(scene, 2);
    const first = await scene.serve(manifest, hooks);

    await work(first.url, MISMATCH);
    await until('the first request', () => receiver.received.length === 1);
    await work(first.url, FAILURE);
    first.running.kill('SIGKILL');
    await first.running.finished;
    expect(receiver.ids).toEqual(['job 1/attempt 1/mismatch']);

    const second = await scene.serve(manifest, hooks);
    await until('all notifications', () => receiver.ids.length === 4);
    expect(receiver.received[1]!.key).toBe(receiver.received[0]!.key);
    expect(receiver.ids.slice(1)).toEqual([
      'job 1/attempt 1/mismatch',
      'job 2/attempt 1/job-failed',
      'ended/after 2 attempts/failed',
    ]);
    second.running.kill('SIGTERM');
    expect((await second.running.finished).code).toBe(0);

    // All of it is known to have come.
    const third = await scene.serve(manifest, hooks);
    third.running.kill('SIGTERM');
    await third.running.finished;
    expect(receiver.received).toHaveLength(4);
  });

  test('is told that no host is at work, and that one is again', async () => {
    const scene = await Scene.create();
    const receiver = await Receiver.start(scene);
    const env = { REPLAY_NOTIFY: `${receiver.url('/a,b')}, ${receiver.url('/hooks/slack')}` };
    const args = ['--notify-idle', '1', '--notify-form', 'json', '--public-url', 'https://replay.example/x/'];
    const { url } = await scene.serve(await manifestOf(scene, 1), args, { env });
    await until('both to be told', () => receiver.received.length === 2);
    await work(url, FAILURE);
    await until('the rest', () => receiver.received.length === 8);
    const forOne = receiver.received
      .filter(({ path }) => path === '/a,b')
      .flatMap(({ body }) => body.notifications);
    expect(forOne.map(({ kind, source, url: page }) => [kind, source, page])).toEqual([
      ['no-host-at-work', 'replay.example', 'https://replay.example/x/status'],
      ['hosts-back', 'replay.example', 'https://replay.example/x/status'],
      ['job-failed', 'replay.example', 'https://replay.example/x/job?jobid=1'],
      ['run-ended', 'replay.example', 'https://replay.example/x/status'],
    ]);
  });
});

describe('replay notify test', () => {
  test('says what each receiver answers, and exits with 5 when one does not take it', async () => {
    const scene = await Scene.create();
    const receiver = await Receiver.start(scene);
    receiver.answers.push(REFUSES);
    const hooks = await urlFile(scene, receiver.url(SECRET));
    const refused = await scene.run(['notify', 'test', ...hooks]);
    expect(refused).toMatchObject({ code: 5, stderr: '' });
    expect(refused.stdout).toMatch(
      /^127\.0\.0\.1:\d+ \([0-9a-f]{6}\), form json: NOT DELIVERED, HTTP 503: not now\n$/u,
    );
    const taken = await scene.run(['notify', 'test', ...hooks, '--json']);
    expect(taken).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(taken.stdout)).toMatchObject({
      targets: [{ form: 'json', delivered: true, answer: 'HTTP 200: ok' }],
    });
    expect(refused.stdout + taken.stdout).not.toMatch(/secret/u);
    expect(receiver.received.map(({ body }) => body.notifications[0]!.kind)).toEqual(['test', 'test']);
  });

  test.each([
    ['nobody', [], 2, 'NOTIFY_NOBODY'],
    ['a URL that is none', ['--notify', 'secret-text'], 2, 'NOTIFY_URL'],
    ['another protocol', ['--notify', 'ftp://user:secret@example.com/secret'], 2, 'NOTIFY_URL'],
    ['a file that is not there', ['--notify-file', 'none'], 3, 'NOTIFY_FILE_UNREADABLE'],
  ])('refuses %s without showing a secret', async (_what, args, code, error) => {
    const scene = await Scene.create();
    const ended = await scene.run(['notify', 'test', ...args]);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(`(${error})`);
    expect(ended.stderr.replace('may contain a secret', '')).not.toContain('secret');
  });
});

test('serve refuses a URL of a file by its line, before anything starts', async () => {
  const scene = await Scene.create();
  const args = ['serve', '--config', await manifestOf(scene, 1), '--port', '0'];
  const ended = await scene.run([
    ...args,
    ...(await urlFile(scene, 'https://example.com/x', 'file:///secret-part')),
  ]);
  expect(ended.code).toBe(3);
  expect(ended.stderr).toMatch(/hooks, line 3: .* begins with neither https:\/\/ nor http:\/\//u);
  expect(ended.stderr).not.toContain('secret-part');
});
