import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chain, claim, serve, type Running } from '../harness.ts';
import { hostileRequests, type Attack } from './hostile-requests.ts';
import { guarded, SERVE_TOKEN } from './scene.ts';

/** `npm run test:soak` asks for the long form. */
const COUNT = process.env['REPLAY_SOAK'] === '1' ? 24_000 : 2_000;
/** At the same time, each on a connection of its own. */
const AT_ONCE = 40;

interface Outcome {
  attack: Attack;
  /** One for each answer; empty when the connection was closed without any. */
  statuses: number[];
}

/** Sends bytes, and takes whatever comes until the connection ends or nothing more is due. */
function send(port: number, attack: Attack): Promise<Outcome> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1');
    const patience = setTimeout(() => socket.destroy(), 5_000);
    socket
      .on('data', (chunk) => {
        text += chunk.toString('latin1');
      })
      // To be cut off is a fair answer to an attack.
      .on('error', () => undefined)
      .on('close', () => {
        clearTimeout(patience);
        const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));
        resolve({ attack, statuses });
      });
    // The end of our side makes the server answer what is there, and close.
    socket.end(attack.bytes);
  });
}

async function attackWith(server: Running, attacks: readonly Attack[]): Promise<Outcome[]> {
  const port = Number(new URL(server.url).port);
  const outcomes: Outcome[] = [];
  const queue = attacks.values();
  const sender = async () => {
    for (const attack of queue) outcomes.push(await send(port, attack));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  return outcomes;
}

/** What the run consists of, as a caller sees it and as it is on disk. */
async function stateOf(server: Running, headers: Record<string, string>): Promise<string> {
  const full = { ...headers, Accept: 'application/vnd.replay.job+json' };
  const answers = [await server.get('/status', full), await server.get('/job?jobid=1', full)];
  const run = join(server.dataDir, 'runs', '0001');
  const names = (await readdir(run, { recursive: true })).toSorted();
  const files = names.filter((name) => name.endsWith('.db') || name.endsWith('.log'));
  const hashes = await Promise.all(
    files.map(async (name) =>
      createHash('sha256')
        .update(await readFile(join(run, name)))
        .digest('hex'),
    ),
  );
  return JSON.stringify([answers.map(({ text, etag }) => [withoutClocks(text), etag]), names, hashes]);
}

/** A lease's end moves with the clock, and nothing else may. */
function withoutClocks(text: string): string {
  return text.replaceAll(/"(lease_expires_at|eta)": ("[^"]*"|null)/g, '"$1"');
}

function expectHarmless(outcomes: readonly Outcome[], server: Running): void {
  const broken = outcomes.filter(({ statuses }) => statuses.some((status) => status >= 500));
  expect(broken.map(({ attack }) => attack.name)).toEqual([]);
  expect(server.log.filter(({ level }) => level === 'error')).toEqual([]);
}

function report(what: string, outcomes: readonly Outcome[]): void {
  const counts = new Map<string, number>();
  for (const { statuses } of outcomes) {
    const key = String(statuses[0] ?? 'closed');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const list = [...counts]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([key, count]) => `${key}: ${count}`);
  process.stdout.write(`${outcomes.length} hostile requests to ${what}: ${list.join(', ')}\n`);
}

describe('hostile requests', () => {
  test('break nothing of an open orchestrator, and change nothing in it', { timeout: 600_000 }, async () => {
    const server = await serve(chain(5));
    await claim(server, 'holder');
    const before = await stateOf(server, {});
    const outcomes = await attackWith(server, hostileRequests(Math.ceil(COUNT / 2), null));
    report('an open orchestrator', outcomes);
    expectHarmless(outcomes, server);
    expect(await stateOf(server, {})).toBe(before);
    expect((await server.get('/healthcheck')).status).toBe(200);
  });

  test('break nothing of a guarded one, with the token or without', { timeout: 600_000 }, async () => {
    const { server } = await guarded({}, 5);
    const headers = { Authorization: `Bearer ${SERVE_TOKEN}` };
    const before = await stateOf(server, headers);
    const attacks = hostileRequests(Math.floor(COUNT / 2), SERVE_TOKEN);
    const outcomes = await attackWith(server, attacks);
    report('a guarded orchestrator', outcomes);
    expectHarmless(outcomes, server);
    expect(await stateOf(server, headers)).toBe(before);
    expect(JSON.stringify(server.log)).not.toContain(SERVE_TOKEN);
  });
});
