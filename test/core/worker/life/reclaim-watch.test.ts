import { describe, expect, it, onTestFinished } from 'vitest';
import { silentLogger } from '../../../../src/core/log/logger.ts';
import { imdsEndpoint, InstanceMetadata } from '../../../../src/core/worker/life/imds.ts';
import { LOOK_EVERY_MS, watchReclaim } from '../../../../src/core/worker/life/reclaim-watch.ts';
import { startImds } from '../../../support/imds/index.ts';

const ACTION = 'spot/instance-action';
const REBALANCE = 'events/recommendations/rebalance';

/** What happens at each look of the watch stands in for the time that passes. */
async function scene(events: (() => void)[]) {
  const imds = await startImds();
  onTestFinished(() => imds.close());
  const over = new AbortController();
  const slept: number[] = [];
  const warnings: string[] = [];
  const watched = watchReclaim({
    metadata: new InstanceMetadata(imds.url),
    clock: {
      sleep: async (ms) => {
        slept.push(ms);
        const event = events.shift();
        if (event === undefined) over.abort();
        else event();
      },
    },
    logger: { ...silentLogger, warn: (_fields, message) => void warnings.push(message) },
    signal: over.signal,
  });
  return { imds, over, slept, warnings, watched };
}

describe('whether EC2 takes the host back', () => {
  it('is asked every five seconds, and 404 means that it does not', async () => {
    const { imds, slept, watched } = await scene([() => undefined, () => undefined]);
    expect(await watched).toBeNull();
    expect(slept).toEqual([LOOK_EVERY_MS, LOOK_EVERY_MS, LOOK_EVERY_MS]);
    const once = [`GET ${ACTION} 404`, `GET ${REBALANCE} 404`];
    expect(imds.asked).toEqual(['PUT /latest/api/token 200', ...once, ...once, ...once]);
  });

  it.each([
    [ACTION, '{"action":"terminate","time":"2026-11-22T08:22:00Z"}', 'terminate at 2026-11-22T08:22:00Z'],
    [ACTION, '{"action":"\\u001b[2J","time":7}', '(unknown action)'],
    [ACTION, 'not JSON', '(unknown action)'],
    [REBALANCE, '{"noticeTime":"2026-11-22T08:22:00Z"}', 'rebalance recommendation'],
  ])('is told by %s: %s', async (item, text, said) => {
    const events: (() => void)[] = [];
    const { imds, watched } = await scene(events);
    events.push(() => void imds.items.set(item, text));
    const reason = await watched;
    expect([reason?.kind, reason?.message]).toEqual(['reclaimed', expect.stringContaining(said)]);
  });

  it('is found out over the end of a session, and over failures of the service, of which it tells once', async () => {
    const events: (() => void)[] = [];
    const { imds, watched, warnings } = await scene(events);
    events.push(
      () => imds.endSessions(),
      () => imds.fail(503),
      () => undefined,
      () => {
        imds.fail(null);
        imds.items.set(ACTION, '{}');
      },
    );
    expect((await watched)?.kind).toBe('reclaimed');
    expect(warnings).toEqual(['EC2 cannot be asked whether it takes this host back']);
    expect(imds.asked.filter((line) => line.startsWith('PUT'))).toHaveLength(2);
  });

  it.each([
    ['a page', '<html><body>Sign in</body></html>'],
    ['ten megabytes', 'x'.repeat(10 * 1024 * 1024)],
  ])('is not told by %s', async (_what, text) => {
    const events: (() => void)[] = [];
    const { imds, watched, warnings } = await scene(events);
    events.push(() => void imds.items.set(ACTION, text));
    expect(await watched).toBeNull();
    expect(warnings).toEqual(['EC2 cannot be asked whether it takes this host back']);
  });

  it('is not asked any more when the worker ends', async () => {
    const { over, watched } = await scene([() => over.abort()]);
    expect(await watched).toBeNull();
  });
});

describe('the metadata service', () => {
  it.each([
    [{}, 'http://169.254.169.254'],
    [{ AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://[fd00:ec2::254]/' }, 'http://[fd00:ec2::254]'],
    [{ AWS_EC2_METADATA_DISABLED: 'True' }, null],
  ])('with %j is at %s', (env, endpoint) => {
    expect(imdsEndpoint(env)).toBe(endpoint);
  });

  it('tells the id of the instance', async () => {
    const imds = await startImds();
    onTestFinished(() => imds.close());
    imds.items.set('instance-id', 'i-0123456789abcdef0\n');
    expect(await new InstanceMetadata(imds.url).get('instance-id')).toBe('i-0123456789abcdef0');
  });
});
