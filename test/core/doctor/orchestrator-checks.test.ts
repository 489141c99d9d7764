import { beforeEach, describe, expect, it } from 'vitest';
import { orchestratorChecks } from '../../../src/core/doctor/orchestrator-checks.ts';
import { OrchestratorProbe } from '../../../src/core/doctor/orchestrator-probe.ts';
import { runChecks } from '../../../src/core/doctor/run-checks.ts';
import { orchestratorClient } from '../../../src/core/protocol/client.ts';
import { summaryRecord } from '../protocol/records.ts';

const NOW = Date.UTC(2026, 10, 22, 12);

type Answer = { status: number; body?: string };

let answers: Record<string, Answer>;
let asked: string[];
let date: Date;
let reachable: boolean;
let hasToken: boolean;
let baseUrl: string;
let jobs: number;

beforeEach(() => {
  answers = {
    'GET /healthcheck': { status: 200, body: 'OK' },
    'GET /summary': { status: 200, body: JSON.stringify(summaryRecord({ total_jobs: 3 })) },
    'POST /job': { status: 404, body: 'jobid parameter is missing' },
  };
  asked = [];
  date = new Date(NOW);
  reachable = true;
  hasToken = true;
  baseUrl = 'http://10.0.0.5:4000';
  jobs = 0;
});

const fetch = async (url: string, { method = 'GET' }: RequestInit): Promise<Response> => {
  const what = `${method} ${new URL(url).pathname}`;
  asked.push(what);
  if (!reachable) throw Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
  const { status, body = '' } = answers[what] ?? { status: 500 };
  return new Response(body, { status, headers: { Date: date.toUTCString() } });
};

async function look() {
  const token = hasToken ? 'a-token-of-this-test' : null;
  const checks = orchestratorChecks({
    client: orchestratorClient({ baseUrl, token: token ?? undefined, fetch }),
    probe: new OrchestratorProbe({ baseUrl, token, timeoutMs: 1000, fetch }),
    hasToken,
    now: () => NOW,
    lookUp: async (host) => {
      if (host === 'replay.example') return [{ address: '10.0.0.5' }];
      throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
    },
    onSummary: (summary) => {
      jobs = summary.total_jobs;
    },
  });
  const results = await runChecks(checks, 60_000);
  return Object.fromEntries(results.map((result) => [result.id, result]));
}

it('finds an orchestrator well that answers, lets us work, and has our time', async () => {
  const found = await look();
  expect(found).toMatchObject({
    dns: { result: 'skipped' },
    orchestrator: { result: 'ok' },
    token: { result: 'ok', values: { rights: 'read, work' } },
    clock: { result: 'ok' },
  });
  expect(jobs).toBe(3);
});

it('asks for no job, and so keeps none from others', async () => {
  await look();
  expect(asked.toSorted()).toEqual(['GET /healthcheck', 'GET /healthcheck', 'GET /summary', 'POST /job']);
});

it('says once that it cannot be reached', async () => {
  reachable = false;
  expect(await look()).toMatchObject({
    orchestrator: { result: 'failed', finding: expect.stringContaining('connection refused') },
    token: { result: 'skipped' },
    clock: { result: 'skipped' },
  });
});

describe('the token', () => {
  it('that is wrong is tried once, since wrong ones are counted', async () => {
    answers['GET /summary'] = { status: 401, body: 'Unauthorized' };
    expect(await look()).toMatchObject({
      token: { result: 'failed', finding: expect.stringContaining('not accepted') },
    });
    expect(asked).not.toContain('POST /job');
  });

  it('that is missing is told from one that is wrong', async () => {
    hasToken = false;
    answers['GET /summary'] = { status: 401 };
    expect(await look()).toMatchObject({
      token: { result: 'failed', finding: expect.stringContaining('none was given') },
    });
  });

  it('that may only read is told so, with the right that is missing', async () => {
    answers['POST /job'] = { status: 403 };
    expect(await look()).toMatchObject({
      token: {
        result: 'failed',
        finding: expect.stringContaining('right work is missing'),
        values: { rights: 'read' },
      },
    });
  });

  it('is not asked for where the orchestrator runs open', async () => {
    hasToken = false;
    expect(await look()).toMatchObject({
      token: { result: 'ok', finding: expect.stringContaining('no token') },
    });
  });

  it('means nothing to another service', async () => {
    answers['GET /summary'] = { status: 200, body: '<html>' };
    expect(await look()).toMatchObject({
      token: { result: 'failed', finding: expect.stringContaining('not JSON') },
    });
  });
});

it('compares the clocks', async () => {
  date = new Date(NOW - 120_000);
  expect(await look()).toMatchObject({
    clock: { result: 'failed', finding: expect.stringContaining('ahead of') },
  });
});

it('looks up names, and no addresses', async () => {
  baseUrl = 'http://replay.example:4000';
  expect(await look()).toMatchObject({ dns: { result: 'ok', finding: 'replay.example is 10.0.0.5' } });
  baseUrl = 'http://nowhere.example:4000';
  expect(await look()).toMatchObject({
    dns: { result: 'failed', finding: expect.stringContaining('ENOTFOUND') },
  });
  baseUrl = 'http://[fd00::5]:4000';
  expect(await look()).toMatchObject({ dns: { result: 'skipped' } });
});
