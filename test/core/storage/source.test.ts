import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { findFile, listFolder } from '../../../src/core/storage/list-folder.ts';
import { parseLocation } from '../../../src/core/storage/location.ts';
import type { Fault } from '../../support/http-file-server/index.ts';
import type { S3ServerOptions } from '../../support/s3-server/index.ts';
import {
  failureOf,
  httpServer,
  instantTools,
  never,
  s3Server,
  source,
  stubAws,
  temporaryFolder,
} from './support.ts';

const ODD = "a b+c%20ü&='.log";
const FILES = new Map(
  [
    'blocks/blocks-1-10.log.zst',
    'blocks/blocks-1-10.index',
    `blocks/${ODD}`,
    'blocks/old/blocks-0.log',
    'top.bin',
  ].map((name) => [name, Buffer.alloc(name.length)]),
);
const LISTED = [ODD, 'blocks-1-10.index', 'blocks-1-10.log.zst'];

const look = (at: string) => ({
  source: source(),
  at: parseLocation(at),
  signal: never,
  tools: instantTools(),
});

function inBucket(options: Omit<S3ServerOptions, 'root'> = {}) {
  return s3Server({
    root: new Map([...FILES].map(([name, bytes]) => [`bucket/${name}`, bytes])),
    ...options,
  });
}

describe('listing on S3', () => {
  test.each(['s3://bucket/blocks', 's3://bucket/blocks/'])(
    '%s: the files right in the folder, with sizes',
    async (at) => {
      await inBucket();
      const files = await listFolder(look(at));
      expect(files.map((file) => file.name)).toEqual(LISTED);
      expect(files.at(-1)).toEqual({ name: 'blocks-1-10.log.zst', size: 26 });
    },
  );

  test('page by page', async () => {
    const server = await inBucket({ pageSize: 1 });
    expect(await listFolder(look('s3://bucket/blocks'))).toHaveLength(3);
    expect(server.requests).toHaveLength(4);
  });

  test('a bucket itself', async () => {
    await inBucket();
    expect(await listFolder(look('s3://bucket'))).toEqual([{ name: 'top.bin', size: 7 }]);
  });

  test('a folder that does not exist is empty', async () => {
    await inBucket();
    expect(await listFolder(look('s3://bucket/nothing'))).toEqual([]);
  });

  test('an object that marks the folder is no file in it', async () => {
    await s3Server({
      root: new Map([
        ['bucket/x/', Buffer.alloc(0)],
        ['bucket/x/y', Buffer.alloc(1)],
      ]),
    });
    expect(await listFolder(look('s3://bucket/x'))).toEqual([{ name: 'y', size: 1 }]);
  });

  test('a server that is busy is asked again', async () => {
    const server = await inBucket({ faults: { 'bucket/blocks/': { on: 'LIST', status: 503, times: 2 } } });
    expect(await listFolder(look('s3://bucket/blocks'))).toHaveLength(3);
    expect(server.requests).toHaveLength(3);
  });

  test('a server that says nothing is given up', async () => {
    await inBucket({ faults: { 'bucket/blocks/': { on: 'LIST', silent: true } } });
    const failure = await failureOf(
      listFolder({ ...look('s3://bucket/blocks'), limits: { idleTimeoutMs: 20, retries: 1 } }),
    );
    expect(failure.failureCause).toBe('download');
    expect(failure.message).toContain(
      'Cannot list s3://bucket/blocks: The server of s3://bucket/blocks sent nothing',
    );
  });
});

describe('what S3 answers, and what to do about it', () => {
  const failing = async (fault: Fault) => {
    await inBucket({ faults: { 'bucket/blocks/': { on: 'LIST', ...fault } } });
    return failureOf(listFolder(look('s3://bucket/blocks')));
  };

  test('403: credentials without the right', async () => {
    const failure = await failing({ status: 403 });
    expect(failure.message).toContain(
      'The AWS credentials in use may not read s3://bucket/blocks (HTTP 403, AccessDenied)',
    );
    expect(failure.hint).toContain('s3:ListBucket');
  });

  test('403: an access key that the server does not know', async () => {
    await inBucket({ accessKey: 'other' });
    const failure = await failureOf(listFolder(look('s3://bucket/blocks')));
    expect(failure.message).toContain('InvalidAccessKeyId');
  });

  test('301: the region to set is named', async () => {
    const failure = await failing({ status: 301, headers: { 'x-amz-bucket-region': 'eu-west-1' } });
    expect(failure.message).toContain('The bucket "bucket" is in region eu-west-1 (HTTP 301');
    expect(failure.hint).toBe('Set AWS_REGION=eu-west-1.');
  });

  test('404: no such bucket', async () => {
    await inBucket();
    const failure = await failureOf(listFolder(look('s3://nowhere/blocks')));
    expect(failure.message).toContain('There is no bucket "nowhere" (HTTP 404, NoSuchBucket)');
  });

  test('no credentials anywhere', async () => {
    const server = await inBucket();
    stubAws({ AWS_ENDPOINT_URL_S3: server.url, AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' });
    const failure = await failureOf(listFolder(look('s3://bucket/blocks')));
    expect(failure.message).toContain('No AWS credentials were found, so s3://bucket/blocks cannot be read');
    expect(failure.hint).toContain('AWS_PROFILE');
    expect(server.requests).toEqual([]);
  });

  test('no connection', async () => {
    const server = await inBucket();
    await server.close();
    const failure = await failureOf(listFolder({ ...look('s3://bucket/blocks'), limits: { retries: 0 } }));
    expect(failure.message).toContain('Cannot reach the S3 server for s3://bucket/blocks: ');
  });

  test('AWS_ENDPOINT_URL serves when there is none for S3', async () => {
    const server = await inBucket();
    stubAws({ AWS_ENDPOINT_URL_S3: '', AWS_ENDPOINT_URL: server.url });
    expect(await listFolder(look('s3://bucket/blocks'))).toHaveLength(3);
  });
});

describe('listing on a web server', () => {
  test.each(['nginx', 'nginx-json', 'apache', 'python'] as const)('the index of %s', async (index) => {
    const server = await httpServer({ root: FILES, index });
    for (const at of [`${server.url}/blocks`, `${server.url}/blocks/`, `${server.url}/blocks/?token=1`]) {
      expect((await listFolder(look(at))).map((file) => file.name)).toEqual(LISTED);
    }
  });

  test('a page that is no index', async () => {
    const server = await httpServer({ root: FILES, index: 'off' });
    const failure = await failureOf(listFolder(look(`${server.url}/blocks`)));
    expect(failure.message).toContain('/blocks is not a directory index');
    expect(failure.hint).toContain('autoindex on');
  });

  test('a folder that does not exist is empty', async () => {
    const server = await httpServer({ root: FILES });
    expect(await listFolder(look(`${server.url}/nothing`))).toEqual([]);
  });

  test('a listing that may not be seen', async () => {
    const server = await httpServer({ root: FILES, faults: { 'blocks/': { on: 'LIST', status: 403 } } });
    const failure = await failureOf(listFolder(look(`${server.url}/blocks`)));
    expect(failure.message).toMatch(/Cannot list .* may not be read \(HTTP 403\)/);
  });
});

describe('redirects', () => {
  const redirecting = (location: string, more: Record<string, Fault> = {}) =>
    httpServer({ root: FILES, faults: { here: { on: 'ANY', status: 302, headers: { location } }, ...more } });

  test('are followed, also to another server', async () => {
    const other = await httpServer({ root: FILES });
    const server = await redirecting(`${other.url}/top.bin?signature=1`);
    expect(await findFile(look(`${server.url}/here`))).toMatchObject({ size: 7 });
    expect(other.requests[0]?.query).toBe('?signature=1');
  });

  test('take no password to another server', async () => {
    const other = await httpServer({ root: FILES });
    const server = await redirecting(`${other.url}/top.bin`);
    await findFile(look(`${server.url.replace('//', '//joe:s%20ecret@')}/here`));
    expect(server.requests[0]?.headers['authorization']).toBe(`Basic ${btoa('joe:s ecret')}`);
    expect(other.requests[0]?.headers['authorization']).toBeUndefined();
  });

  test.each(['file:///etc/passwd', 'ftp://host/a', 's3://bucket/a'])(
    'to %s are refused',
    async (location) => {
      const server = await redirecting(location);
      const failure = await failureOf(findFile(look(`${server.url}/here`)));
      expect(failure.message).toContain(`redirects to "${location}", which is neither http nor https`);
    },
  );

  test('without an end are refused', async () => {
    const server = await redirecting('/here');
    const failure = await failureOf(findFile(look(`${server.url}/here?secret=1`)));
    expect(failure.message).toMatch(/\/here\?…: more than 5 redirects/);
    expect(failure.message).not.toContain('secret');
    expect(server.requests).toHaveLength(6);
  });
});

describe('looking up a file', () => {
  test('size and ETag, from each kind of storage', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'top.bin'), Buffer.alloc(7));
    await inBucket();
    const server = await httpServer({ root: FILES });
    for (const at of ['s3://bucket/top.bin', `${server.url}/top.bin`, path.join(folder, 'top.bin')]) {
      expect(await findFile(look(at))).toEqual({ size: 7, etag: expect.any(String) });
    }
  });

  test('null when there is none', async () => {
    await inBucket();
    const server = await httpServer({ root: FILES });
    for (const at of ['s3://bucket/no.bin', `${server.url}/no.bin`, path.join(temporaryFolder(), 'no.bin')]) {
      expect(await findFile(look(at))).toBeNull();
    }
  });

  test('names with spaces, plus, percent and umlauts', async () => {
    await inBucket();
    const server = await httpServer({ root: FILES });
    for (const at of [`s3://bucket/blocks/${ODD}`, `${server.url}/blocks/${encodeURIComponent(ODD)}`]) {
      expect(await findFile(look(at))).toMatchObject({ size: `blocks/${ODD}`.length });
    }
  });

  test.each([403, 405, 501])(
    'a server that answers HEAD with %i is asked for the first byte',
    async (status) => {
      const server = await httpServer({ root: FILES, faults: { 'top.bin': { on: 'HEAD', status } } });
      expect(await findFile(look(`${server.url}/top.bin`))).toMatchObject({ size: 7 });
      expect(server.requests[1]?.headers['range']).toBe('bytes=0-0');
    },
  );

  test('a bucket is no file', async () => {
    await inBucket();
    expect((await failureOf(findFile(look('s3://bucket')))).message).toContain('names a bucket');
  });
});

describe('files of this machine', () => {
  test('a listing has regular files and links to them only', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'b'), 'bb');
    mkdirSync(path.join(folder, 'folder'));
    symlinkSync('b', path.join(folder, 'a'));
    symlinkSync('nowhere', path.join(folder, 'broken'));
    symlinkSync('/dev/zero', path.join(folder, 'device'));
    expect(await listFolder(look(folder))).toEqual([
      { name: 'a', size: 2 },
      { name: 'b', size: 2 },
    ]);
  });

  test('a folder that does not exist is empty', async () => {
    expect(await listFolder(look(path.join(temporaryFolder(), 'no')))).toEqual([]);
  });
});
