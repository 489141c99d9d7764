import { describe, expect, test } from 'vitest';
import { createLogger, type LoggerOptions } from '../../../src/core/log/logger.ts';

function capture(options: Partial<LoggerOptions>) {
  const lines: string[] = [];
  const stream = { write: (text: string) => lines.push(text) };
  return { lines, logger: createLogger({ format: 'json', level: 'info', stream, ...options }) };
}

describe('the log as JSON', () => {
  test('has one object a line, with level, time, message and fields', () => {
    const { lines, logger } = capture({});
    logger.info({ job: 3, worker: 'host-1' }, 'job changed');
    logger.warn({}, 'two\nlines');
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      job: 3,
      worker: 'host-1',
      msg: 'job changed',
    });
    expect(lines.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true);
  });

  test('leaves out what is below the level', () => {
    const { lines, logger } = capture({ level: 'warn' });
    logger.debug({}, 'a');
    logger.info({}, 'b');
    logger.warn({}, 'c');
    logger.error({}, 'd');
    expect(lines).toHaveLength(2);
  });

  test('shows errors with their reason', () => {
    const { lines, logger } = capture({});
    logger.error({ err: new Error('outer', { cause: new TypeError('inner') }) }, 'failed');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      err: { name: 'Error', message: 'outer', cause: { name: 'TypeError', message: 'inner' } },
    });
  });
});

describe('the log as text', () => {
  test('has one readable line for an event', () => {
    const { lines, logger } = capture({ format: 'text' });
    logger.info({ job: 3, path: 'a b', none: null, list: [1, 2] }, 'job changed');
    expect(lines[0]?.replace(/^\d\d:\d\d:\d\d/, 'TIME')).toBe(
      'TIME info  job changed  job=3  path="a b"  none=null  list=[1,2]\n',
    );
  });

  test('shows of an error what it says, and not its stack', () => {
    const { lines, logger } = capture({ format: 'text' });
    logger.error({ err: new RangeError('too far') }, 'failed');
    expect(lines[0]?.slice(9)).toBe('error failed  err="RangeError: too far"\n');
  });

  test('foreign text cannot start a line or drive the terminal', () => {
    const { lines, logger } = capture({ format: 'text' });
    logger.warn({ text: 'x\n\u001b[31mred', plain: 'y\u001b[2J' }, 'a\nb\u001b[0m');
    // oxlint-disable-next-line no-control-regex
    expect(lines[0]?.slice(0, -1)).not.toMatch(/[\u0000-\u001f]/);
  });
});

describe('secrets', () => {
  test.each([
    ['a token', { token: 'abc-secret' }],
    ['an authorization header', { headers: { Authorization: 'Bearer abc-secret' } }],
    ['a cookie', { headers: { 'set-cookie': 'session=abc-secret' } }],
    ['an AWS key', { env: { AWS_SECRET_ACCESS_KEY: 'abc-secret', secretAccessKey: 'abc-secret' } }],
    ['a list of objects', { list: [{ password: 'abc-secret' }] }],
    ['a bearer in text', { note: 'sent Bearer abc-secret to the server' }],
    ['a URL with a password', { url: 'https://user:abc-secret@host/path' }],
    ['a signed URL', { url: 'https://b.s3/k?X-Amz-Signature=abc-secret&x=1' }],
    ['an error', { err: new Error('GET https://user:abc-secret@host failed') }],
  ])('%s is taken out', (_name, fields) => {
    for (const format of ['json', 'text'] as const) {
      const { lines, logger } = capture({ format });
      logger.info(fields, 'event');
      expect(lines[0]).not.toContain('abc-secret');
      expect(lines[0]).toContain('[redacted]');
    }
  });

  test('in the message too', () => {
    const { lines, logger } = capture({});
    logger.info({}, 'calling https://user:abc-secret@host/');
    expect(lines[0]).not.toContain('abc-secret');
  });
});
