import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseEphemeralRange, reservePorts, usableRange } from '../../../src/nodeos/driver/ports.ts';

describe('the ports that are looked at', () => {
  test.each([
    ['32768\t60999\n', { first: 10_000, last: 32_767 }],
    ['1024 20000', { first: 20_001, last: 65_535 }],
    ['1024 65535', { first: 10_000, last: 65_535 }],
  ])('lie outside those of outgoing connections: %j', (text, range) => {
    expect(usableRange(parseEphemeralRange(text)!)).toEqual(range);
  });

  test.each(['', '5', 'a b', '9 1', '1 70000'])('are the usual ones when the system says %j', (text) => {
    expect(parseEphemeralRange(text)).toBeNull();
  });
});

describe('reserved ports', () => {
  const range = { first: 23_411, last: 23_430 };

  async function reserve(count: number, random: () => number, within = range) {
    const reserved = await reservePorts(count, random, within);
    onTestFinished(() => reserved.release());
    return reserved;
  }

  test('are distinct, and belong to one worker until it gives them back', async () => {
    const first = await reserve(2, () => 0);
    const second = await reserve(2, () => 0);
    expect(new Set([...first.ports, ...second.ports]).size).toBe(4);
    first.release();
    const third = await reserve(2, () => 0);
    expect(third.ports).toEqual(first.ports);
  });

  test('are not those that another program listens on', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const taken = (server.address() as { port: number }).port;
    const reserved = await reserve(1, () => 0, { first: taken, last: taken + 5 });
    expect(reserved.ports[0]).toBeGreaterThan(taken);
  });

  test('begin where chance says, and go round', async () => {
    const reserved = await reserve(2, () => 0.99);
    expect(reserved.ports).toEqual([23_430, 23_411]);
  });

  test('that cannot be had are a failure, and none is kept', async () => {
    const one = { first: 23_440, last: 23_440 };
    await expect(reservePorts(2, () => 0, one)).rejects.toMatchObject({ name: 'AttemptFailure' });
    expect((await reserve(1, () => 0, one)).ports).toEqual([23_440]);
  });
});
