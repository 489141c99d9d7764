/**
 * Holds the estimate of the time left against runs that are played through: `node test/bench/time-left.ts`.
 * Each run has an end of its own; asked at several moments, the interval from low to high should contain the
 * true time left in four of five cases. Prints that share, how wide the interval is, how far the likely time
 * is off, and what one estimate costs for a long run. Nothing is asserted: docs/performance.md has the figures.
 */
import type { Attempt, Job } from '../../src/core/domain/job.ts';
import { averageRate } from '../../src/core/domain/average-rate.ts';
import { seededRandom } from '../../src/core/domain/forecast/seeded-random.ts';
import { timeLeft } from '../../src/core/domain/forecast/time-left.ts';
import { newJob } from '../../src/core/domain/new-job.ts';
import { formatUtc } from '../../src/core/domain/time.ts';
import { aSlice } from '../core/domain/builders.ts';

interface Scenario {
  name: string;
  slices: number;
  hosts: number;
  /** Standard deviations of logarithms: from slice to slice, and from host to host. */
  sliceSpread: number;
  hostSpread: number;
  /** How much slower the last block is than the first. */
  drift: number;
  /** Of the attempts that fail half-way. */
  failing: number;
}

const BLOCKS = 400_000;
const SECONDS_PER_BLOCK = 0.02;
const BEFORE = 900;
const AFTER = 120;
const BEGIN = Date.UTC(2026, 10, 22) / 1000;
const RUNS = 100;
const MOMENTS = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97];

const usual = { sliceSpread: 0.3, hostSpread: 0.1, drift: 1, failing: 0 };
const SCENARIOS: Scenario[] = [
  { name: '900 slices, 100 hosts', slices: 900, hosts: 100, ...usual },
  { name: '900 slices, 10 hosts', slices: 900, hosts: 10, ...usual },
  { name: '120 slices, 100 hosts', slices: 120, hosts: 100, ...usual },
  { name: '20 slices, 2 hosts', slices: 20, hosts: 2, ...usual },
  { name: '900, 100, unlike hosts', slices: 900, hosts: 100, ...usual, hostSpread: 0.5 },
  { name: '900, 100, one in ten fails', slices: 900, hosts: 100, ...usual, failing: 0.1 },
  { name: '900, 100, 2 times slower', slices: 900, hosts: 100, ...usual, drift: 2 },
  { name: '900, 100, 5 times slower', slices: 900, hosts: 100, ...usual, drift: 5 },
  { name: '10,000 slices, 100 hosts', slices: 10_000, hosts: 100, ...usual },
];

interface Played {
  slice: number;
  host: number;
  start: number;
  before: number;
  secondsPerBlock: number;
  end: number;
  fails: boolean;
}

function play(scenario: Scenario, random: () => number): { attempts: Played[]; end: number } {
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const like = (spread: number): number => Math.exp(spread * normal());
  const speeds = Array.from({ length: scenario.hosts }, () => like(scenario.hostSpread));
  const free = Array.from(speeds, () => 0);
  const attempts: Played[] = [];
  for (let slice = 0; slice < scenario.slices;) {
    const host = free.indexOf(Math.min(...free));
    const place = 1 + ((scenario.drift - 1) * slice) / scenario.slices;
    const factor = place * like(scenario.sliceSpread) * (speeds[host] ?? 1);
    const secondsPerBlock = SECONDS_PER_BLOCK * factor;
    const before = BEFORE * like(0.3);
    const start = free[host] ?? 0;
    const fails = random() < scenario.failing;
    const whole = before + BLOCKS * secondsPerBlock + AFTER;
    const end = start + (fails ? whole * random() : whole);
    attempts.push({ slice, host, start, before, secondsPerBlock, end, fails });
    free[host] = end;
    if (!fails) slice += 1;
  }
  return { attempts, end: Math.max(...free) };
}

/** The jobs as the orchestrator would have them at that moment. */
function jobsAt(scenario: Scenario, attempts: readonly Played[], at: number, random: () => number): Job[] {
  const jobs = Array.from({ length: scenario.slices }, (_, index) => {
    const slice = aSlice({ sliceId: index + 1, startBlock: index * BLOCKS, endBlock: (index + 1) * BLOCKS });
    return newJob(index + 1, slice, formatUtc(new Date(BEGIN * 1000)));
  });
  for (const played of attempts) {
    const job = jobs[played.slice];
    if (job !== undefined && played.start <= at) jobs[played.slice] = afterAttempt(job, played, at, random);
  }
  return jobs;
}

function afterAttempt(job: Job, played: Played, at: number, random: () => number): Job {
  const startTime = timeOf(played.start);
  const attempt: Attempt = {
    number: job.attempts.length + 1,
    workerId: `host-${played.host}`,
    instanceId: null,
    startTime,
    endTime: played.end <= at ? timeOf(played.end) : null,
    outcome: played.end > at ? null : played.fails ? 'ERROR' : 'COMPLETE',
    cause: null,
    message: null,
    lastBlockProcessed: 0,
    actualHash: null,
    nodeosVersion: null,
    stageTimes: { replay: BLOCKS * played.secondsPerBlock * 1000, hash: AFTER * 1000 },
  };
  const made = { ...job, startTime, attempts: [...job.attempts, attempt] };
  if (played.end <= at) return { ...made, status: played.fails ? 'WAITING_4_WORKER' : 'COMPLETE' };
  const replaying = at - played.start - played.before;
  if (replaying <= 0) return { ...made, status: 'LOADING_SNAPSHOT' };
  const done = Math.min(Math.floor(replaying / played.secondsPerBlock), BLOCKS);
  const rate = (1 / played.secondsPerBlock) * (0.85 + 0.3 * random());
  const lastBlockProcessed = job.slice.startBlock + done;
  return { ...made, status: 'WORKING', lastBlockProcessed, blocksPerSecond: rate };
}

function timeOf(seconds: number): string {
  return formatUtc(new Date((BEGIN + seconds) * 1000));
}

interface Case {
  moment: number;
  inside: boolean;
  width: number;
  off: number;
}

function measure(scenario: Scenario): Case[] {
  const cases: Case[] = [];
  for (let run = 1; run <= RUNS; run += 1) {
    const random = seededRandom(run * 7919);
    const { attempts, end } = play(scenario, random);
    for (const moment of MOMENTS) {
      const at = end * moment;
      const truth = end - at;
      const said = timeLeft(
        jobsAt(scenario, attempts, at, random),
        new Date((BEGIN + at) * 1000),
        'manifest',
      );
      if (said === null) continue;
      const { lowSeconds: low, likelySeconds: likely, highSeconds: high } = said;
      const inside = low <= truth && truth <= high;
      cases.push({ moment, inside, width: (high - low) / truth, off: (likely - truth) / truth });
    }
  }
  return cases;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`.padStart(6);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}

function row(name: string, cases: readonly Case[]): string {
  const inside = MOMENTS.map((moment) => {
    const asked = cases.filter((one) => one.moment === moment);
    return asked.length === 0 ? '     -' : percent(mean(asked.map(({ inside }) => Number(inside))));
  });
  const all = mean(cases.map(({ inside }) => Number(inside)));
  const off = mean(cases.map(({ off }) => off));
  const width = mean(cases.map(({ width }) => width));
  return [name.padEnd(28), ...inside, percent(all), percent(width), percent(off)].join(' | ');
}

function cost(slices: number, hosts: number, share: number): string {
  const scenario = { ...usual, name: '', slices, hosts };
  const random = seededRandom(1);
  const { attempts, end } = play(scenario, random);
  const at = end * share;
  const jobs = jobsAt(scenario, attempts, at, random);
  const now = new Date((BEGIN + at) * 1000);
  const times = [1, 2, 3, 4, 5].map(() => {
    const began = performance.now();
    timeLeft(jobs, now, 'longest-first');
    const middle = performance.now();
    averageRate(jobs, now.getTime() / 1000);
    return [middle - began, performance.now() - middle] as const;
  });
  const median = (values: number[]): string => (values.toSorted((a, b) => a - b)[2] ?? 0).toFixed(1);
  return `${slices} slices, ${hosts} hosts, ${share * 100} % of the time over: time left ${median(times.map(([one]) => one))} ms, average rate ${median(times.map(([, one]) => one))} ms`;
}

const head = ['inside, asked when so much is over', ...MOMENTS.map(percent), 'all', 'width', 'off'];
process.stdout.write(`${head.join(' | ')}\n`);
for (const scenario of SCENARIOS) process.stdout.write(`${row(scenario.name, measure(scenario))}\n`);
for (const hosts of [10, 100, 1000]) {
  for (const share of [0.1, 0.9]) process.stdout.write(`${cost(100_000, hosts, share)}\n`);
}
