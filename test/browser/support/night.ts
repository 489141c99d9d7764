import { appendFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startReplay, type Running } from '../../e2e/support/replay.ts';
import { startEc2, type Ec2Server } from '../../support/ec2-server/index.ts';
import { hashOf, manifestOf, Player } from './player.ts';

export interface Night {
  url: string;
  end(): Promise<void>;
}

const SLICES = 300;
const HOSTS = 14;
const NIGHT_MS = 5 * 3_600_000;
const DOLLARS_AN_HOUR = 1.008;
const TYPE = 'c7a.4xlarge';
const ZONES = {
  'subnet-0000000a': 'eu-west-1a',
  'subnet-0000000b': 'eu-west-1b',
  'subnet-0000000c': 'eu-west-1c',
};

export interface NightOptions {
  slices?: number;
  /** A run before it, and a fleet of EC2: more than measurements need. */
  whole?: boolean;
}

/** A run in the middle of a night: most is done, some failed, some hosts are at work. For pictures. */
export async function playNight({ slices = SLICES, whole = false }: NightOptions = {}): Promise<Night> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-night-'));
  const manifest = join(folder, 'manifest.json');
  await writeFile(manifest, JSON.stringify(manifestOf(blocksOf(slices)), null, 4));
  const first = await serve(folder, manifest);
  if (whole) await playRunBefore(first.url, slices);
  await stop(first.running);
  await writeCourse(join(folder, 'data'), slices);
  const ec2 = whole ? await startFleet(folder) : null;
  const { running, url } = await serve(folder, manifest, ec2);
  // Whatever goes wrong, nothing of it is left behind.
  const kill = (): void => running.kill('SIGKILL');
  process.once('exit', kill);
  await play(url, slices);
  return {
    url,
    end: async () => {
      process.off('exit', kill);
      await stop(running);
      await ec2?.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same slices with another version, some days ago: one crashed then that is well now. */
async function playRunBefore(url: string, slices: number): Promise<void> {
  const host = new Player(url, nameOf(0));
  const daysAgo = (days: number): string => utc(Date.now() - days * 86_400_000);
  for (let at = 0; at < slices; at += 1) {
    const job = await host.claim(daysAgo(3 - at / slices));
    if (at === 17) await host.fail(job, 'nodeos-crash', 'nodeos ended by signal SIGABRT', daysAgo(2.9));
    else await host.complete(job, undefined, daysAgo(3 - (at + 1.2 + noise(at)) / slices));
  }
  const body = JSON.stringify({ manifest: null, current_run_id: 1, nodeos_version: 'v1.2.3' });
  const answer = await fetch(`${url}/run`, { method: 'POST', body });
  if (!answer.ok) throw new Error(`POST /run: ${answer.status} ${await answer.text()}`);
}

/** The hosts of the night as EC2 knows them, two that are coming, and no room for more. */
async function startFleet(folder: string): Promise<Ec2Server> {
  const zones = Object.entries(ZONES);
  const ec2 = await startEc2({
    subnets: ZONES,
    capacity: Object.fromEntries(zones.map(([, zone]) => [zone, 0])),
  });
  for (let at = 0; at < HOSTS + 2; at += 1) {
    const [subnet, zone] = zones[at % zones.length]!;
    const isLate = at >= HOSTS;
    const launchedAt = new Date(Date.now() - (isLate ? 190_000 : NIGHT_MS + 240_000));
    const tags = new Map([
      ['replay:fleet', 'eos'],
      ['replay:run', '2'],
    ]);
    const spot = at % 4 === 3;
    ec2.cloud.addInstance({
      id: instanceOf(at),
      type: TYPE,
      subnet,
      zone,
      spot,
      launchedAt,
      tags,
    });
  }
  const settings = {
    name: 'eos',
    orchestrator: 'http://10.0.4.10:4000',
    budget: 250,
    prices: { [TYPE]: DOLLARS_AN_HOUR },
    ec2: {
      region: 'eu-west-1',
      subnets: Object.keys(ZONES),
      security_groups: ['sg-0000000a'],
      instance_types: [TYPE],
      image: 'ami-0000000a',
      volume: { size_gib: 900 },
      instance_profile: 'replay-host',
    },
  };
  await writeFile(join(folder, 'fleet.json'), JSON.stringify(settings));
  return ec2;
}

/** An orchestrator that lets nobody in without a token. */
export async function playGate(): Promise<Night> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-gate-'));
  const manifest = join(folder, 'manifest.json');
  await writeFile(manifest, JSON.stringify(manifestOf([1000])));
  const { running, url } = await serve(folder, manifest, null, ['--token', hashOf('a token')]);
  return {
    url,
    end: async () => {
      await stop(running);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Slices are cut by time: those of busy years have more in them, and so fewer blocks. */
function blocksOf(slices: number): number[] {
  // Numbers of blocks have 32 bits.
  const size = Math.min(400_000, 2 ** 31 / slices);
  return Array.from({ length: slices }, (_, at) => Math.round(size * (1.6 - at / slices + noise(at) / 3)));
}

/** The same every time: from 0 up to 1. */
function noise(at: number): number {
  return Number.parseInt(hashOf(String(at)).slice(0, 6), 16) / 0x1000000;
}

async function serve(
  folder: string,
  manifest: string,
  ec2: Ec2Server | null = null,
  more: readonly string[] = [],
): Promise<{ running: Running; url: string }> {
  const env = {
    AWS_ENDPOINT_URL_EC2: ec2?.url ?? '',
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
  const flags = [
    ...(ec2 === null ? [] : ['--autoscale', '20', '--fleet', join(folder, 'fleet.json')]),
    ...more,
    '--config',
    manifest,
    '--data-dir',
    join(folder, 'data'),
    '--port',
    '0',
    '--retries',
    'all=0',
  ];
  const running = startReplay(['serve', ...flags], { cwd: folder, ...(ec2 === null ? {} : { env }) });
  const match = await running.waitFor(/Orchestrator: (?<url>http:\S+)/u);
  return { running, url: match.groups!['url']! };
}

async function stop(running: Running): Promise<void> {
  running.kill('SIGTERM');
  await running.finished;
}

/** What was recorded of the last hours, with a restart in it. */
async function writeCourse(dataDir: string, slices: number): Promise<void> {
  const runs = join(dataDir, 'runs');
  const run = (await readdir(runs)).toSorted().at(-1) ?? '';
  const now = Math.floor(Date.now() / 1000);
  const lines: string[] = [];
  const points = 900;
  for (let at = 0; at < points; at += 1) {
    if (at > 520 && at < 545) continue;
    const share = at / points;
    const hosts = Math.min(HOSTS, 2 + Math.floor(at / 25));
    const rate = hosts * (820 + 260 * noise(Math.floor(at / 30)) + 90 * noise(at)) * (1 - share / 3);
    const done = Math.floor(slices * 0.72 * share ** 1.15);
    const failed = (at > 380 ? 1 : 0) + (at > 610 ? 1 : 0) + (at > 800 ? 1 : 0);
    const time = now - (points - at) * 20;
    lines.push(
      JSON.stringify([time, 20, done * 480_000, rate, rate * 1.1, done, failed, hosts, hosts, at / 40]),
    );
  }
  await writeFile(join(runs, run, 'fleet.json'), JSON.stringify(fleet()));
  await writeFile(join(runs, run, 'history.jsonl'), `{"intervalSeconds":20}\n`);
  await appendFile(join(runs, run, 'history.jsonl'), `${lines.join('\n')}\n`);
}

/** What the hosts have cost until now. */
function fleet(): object {
  const usd = (DOLLARS_AN_HOUR * NIGHT_MS) / 3_600_000;
  const account = { pricePerHour: DOLLARS_AN_HOUR, countedMs: NIGHT_MS, unpricedMs: 0, usd };
  const [firstSeen, lastHeard] = [Date.now() - NIGHT_MS, Date.now()];
  const hosts = Array.from({ length: HOSTS }, (_, at) => ({
    workerId: nameOf(at),
    firstSeen,
    lastHeard,
    account,
  }));
  return { former: { usd: 0, priced: 0, unpriced: 0 }, hosts };
}

function nameOf(at: number): string {
  return `replay-${String(at + 1).padStart(2, '0')}`;
}

function instanceOf(at: number): string {
  return `i-0${hashOf(`host ${at}`).slice(0, 16)}`;
}

/** Each host did its jobs one after the other over five hours. */
function whenOf(turn: number, turns: number, chance: number): [from: string, to: string] {
  const began = Date.now() - NIGHT_MS;
  const from = began + (NIGHT_MS * turn) / turns;
  return [utc(from), utc(from + (NIGHT_MS / turns) * (0.9 + 0.1 * chance))];
}

function utc(time: number): string {
  return new Date(time).toISOString().slice(0, 19);
}

async function play(url: string, slices: number): Promise<void> {
  const hosts = Array.from({ length: HOSTS }, (_, at) => new Player(url, nameOf(at)));
  for (const [at, host] of hosts.entries()) {
    await host.report({
      hostname: `ip-10-0-4-${at + 17}`,
      instance_id: instanceOf(at),
      version: '0.1.0',
      os: 'Ubuntu 24.04',
      arch: 'x86_64',
      cpus: 16,
      load: 8 + 3 * noise(at),
      memory_total: 64 * 1024 ** 3,
      memory_free: (14 + 20 * noise(at)) * 1024 ** 3,
      disk_total: 900 * 1024 ** 3,
      disk_free: (250 + 300 * noise(at + 50)) * 1024 ** 3,
      uptime_seconds: 15_000,
      price_per_hour: DOLLARS_AN_HOUR,
    });
  }
  const done = Math.floor(slices * 0.72);
  for (let at = 0; at < done; at += 1) {
    const host = hosts[at % hosts.length]!;
    const turns = Math.ceil(done / hosts.length);
    const [from, to] = whenOf(Math.floor(at / hosts.length), turns, noise(at));
    const job = await host.claim(from);
    if (at === 61) await host.complete(job, hashOf('another state'), to);
    else if (at === 143)
      await host.fail(
        job,
        'nodeos-crash',
        'nodeos ended by signal SIGSEGV at block 71,204,118, 4 min after the start',
        to,
      );
    else if (at === 190)
      await host.fail(
        job,
        'download',
        'GET s3://chain/snapshots/snapshot-92000000.bin.zst: 403 AccessDenied',
        to,
      );
    else await host.complete(job, undefined, to);
  }
  for (const [at, host] of hosts.slice(0, -2).entries()) {
    const job = await host.claim(utc(Date.now() - 600_000 * noise(at)));
    if (at > 9) await host.load(job);
    else await host.replay(job, 0.1 + 0.8 * noise(at), 700 + 300 * noise(at + 7));
  }
}
