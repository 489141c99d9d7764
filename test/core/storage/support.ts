import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';
import { onTestFinished, vi } from 'vitest';
import { AttemptFailure } from '../../../src/core/domain/attempt-failure.ts';
import { fetchFile } from '../../../src/core/storage/fetch-file.ts';
import type { FetchRequest, FetchedFile } from '../../../src/core/storage/fetch-file.ts';
import { parseLocation } from '../../../src/core/storage/location.ts';
import type { RetryTools } from '../../../src/core/storage/retry.ts';
import { openSource } from '../../../src/core/storage/source.ts';
import type { Source } from '../../../src/core/storage/source.ts';
import { start as startHttp } from '../../support/http-file-server/index.ts';
import type { HttpFileServerOptions, TestServer } from '../../support/http-file-server/index.ts';
import { start as startS3 } from '../../support/s3-server/index.ts';
import type { S3ServerOptions } from '../../support/s3-server/index.ts';

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'replay-storage-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function httpServer(options: HttpFileServerOptions): Promise<TestServer> {
  return closedLater(startHttp(options));
}

/** Also points the SDK at it, with credentials that it knows. */
export async function s3Server(options: S3ServerOptions): Promise<TestServer> {
  const server = await closedLater(startS3(options));
  stubAws({ AWS_ENDPOINT_URL_S3: server.url, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  return server;
}

/** Nothing of the machine's own AWS configuration takes part in a test. */
export function stubAws(settings: Record<string, string>): void {
  const none = { AWS_PROFILE: undefined, AWS_SESSION_TOKEN: undefined, AWS_REGION: undefined };
  const nowhere = '/nonexistent/replay-test';
  const files = {
    AWS_CONFIG_FILE: nowhere,
    AWS_SHARED_CREDENTIALS_FILE: nowhere,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  for (const [name, value] of Object.entries({ ...none, ...files, ...settings })) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

async function closedLater(starting: Promise<TestServer>): Promise<TestServer> {
  const server = await starting;
  onTestFinished(() => server.close());
  return server;
}

export function source(): Source {
  const opened = openSource();
  onTestFinished(() => opened.close());
  return opened;
}

/** Sleeps not at all, and keeps how long it should have slept. */
export function instantTools(random = 1): RetryTools & { slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    random: () => random,
    sleep: async (ms) => void slept.push(ms),
  };
}

export const never = new AbortController().signal;

/** Bytes that compress a little and repeat nowhere: any shift or loss shows. */
export function sampleBytes(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let at = 0; at < length; at += 1) {
    // A linear congruential generator in 32 bits; its low bits repeat soon, its high ones do not.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 26;
  }
  return bytes;
}

export function compress(bytes: Uint8Array): Buffer {
  const params = { [constants.ZSTD_c_checksumFlag]: 1, [constants.ZSTD_c_contentSizeFlag]: 1 };
  return zstdCompressSync(bytes, { params });
}

export interface Fetching {
  readonly to: string;
  readonly tools: ReturnType<typeof instantTools>;
  run(more?: Partial<FetchRequest>): Promise<FetchedFile>;
  /** What is at the target. */
  content(): Buffer;
  /** All names in the target's folder: to see that nothing is left behind. */
  left(): string[];
}

/** A fetch into a temporary folder, without real pauses. */
export function fetching(from: string, request: Partial<FetchRequest> = {}): Fetching {
  const folder = temporaryFolder();
  const to = path.join(folder, 'target');
  const tools = instantTools();
  const opened = source();
  return {
    to,
    tools,
    run: (more) =>
      fetchFile({
        source: opened,
        from: parseLocation(from),
        to,
        kind: 'snapshot',
        signal: never,
        tools,
        ...request,
        ...more,
      }),
    content: () => readFileSync(to),
    left: () => (existsSync(folder) ? readdirSync(folder) : []),
  };
}

/** The failure that a promise ends in. */
export async function failureOf(promise: Promise<unknown>): Promise<AttemptFailure> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof AttemptFailure) return error;
  throw new Error('expected an AttemptFailure', { cause: error });
}
