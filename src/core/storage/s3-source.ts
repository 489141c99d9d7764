import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import { describeLocation } from './location.ts';
import type { S3Location } from './location.ts';
import { s3Error } from './s3-error.ts';
import { SourceError } from './source-error.ts';
import type { FileInfo, ListedFile, OpenFile, ReadRequest, SourceOf } from './source.ts';

/** A folder of block files has some hundreds of entries; a listing that never ends is a server at fault. */
const MAX_PAGES = 1000;

/** Objects in S3, or in a server that speaks its protocol. Credentials: the SDK's standard chain. */
export function createS3Source(env: NodeJS.ProcessEnv): SourceOf<S3Location> {
  let made: S3Client | undefined;
  const client = (): S3Client => (made ??= createClient(env));
  return {
    head: (location, signal) => headObject(client(), location, signal),
    read: (location, request) => readObject(client(), location, request),
    list: (folder, signal) => listFolder(client(), folder, signal),
    close: () => made?.destroy(),
  };
}

function createClient(env: NodeJS.ProcessEnv): S3Client {
  const endpoint = env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL'];
  return new S3Client({
    region: env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || 'us-east-1',
    // On AWS itself the bucket says where it is; other servers have one region.
    followRegionRedirects: !endpoint,
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    // Retrying is done in one place, for all kinds of storage: retry.ts.
    maxAttempts: 1,
    // Checksums that AWS added in 2025 are unknown to many other servers.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}

async function headObject(client: S3Client, location: S3Location, signal: AbortSignal): Promise<FileInfo> {
  try {
    const input = { Bucket: location.bucket, Key: keyOf(location) };
    const output = await client.send(new HeadObjectCommand(input), { abortSignal: signal });
    return { size: output.ContentLength ?? null, etag: output.ETag ?? null };
  } catch (error) {
    throw s3Error(location, error);
  }
}

async function readObject(client: S3Client, location: S3Location, request: ReadRequest): Promise<OpenFile> {
  const output = await getObject(client, location, request);
  const stream = output.Body as Readable | undefined;
  if (stream === undefined) {
    throw new SourceError('connection', `${describeLocation(location)}: the server sent no content`);
  }
  // Nobody may be reading when it breaks off; whoever reads gets the error from the stream.
  stream.on('error', () => undefined);
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(output.ContentRange ?? '');
  return {
    size: range?.[2] === undefined ? (output.ContentLength ?? null) : Number(range[2]),
    offset: Number(range?.[1] ?? 0),
    etag: output.ETag ?? null,
    contentType: output.ContentType ?? null,
    stream,
    cancel: () => stream.destroy(),
  };
}

async function getObject(
  client: S3Client,
  location: S3Location,
  request: ReadRequest,
): Promise<GetObjectCommandOutput> {
  const command = new GetObjectCommand({
    Bucket: location.bucket,
    Key: keyOf(location),
    ...(request.offset > 0 ? { Range: `bytes=${request.offset}-` } : {}),
    ...(request.ifMatch === null ? {} : { IfMatch: request.ifMatch }),
  });
  try {
    return await client.send(command, { abortSignal: request.signal });
  } catch (error) {
    throw s3Error(location, error);
  }
}

function keyOf(location: S3Location): string {
  if (location.key !== '') return location.key;
  throw new SourceError(
    'not-a-file',
    `${describeLocation(location)} names a bucket, expected s3://bucket/key`,
  );
}

async function listFolder(client: S3Client, folder: S3Location, signal: AbortSignal): Promise<ListedFile[]> {
  const prefix = folder.key === '' || folder.key.endsWith('/') ? folder.key : `${folder.key}/`;
  const files: ListedFile[] = [];
  let token: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const output = await listPage(client, folder, prefix, token, signal);
    for (const { Key, Size } of output.Contents ?? []) {
      const name = Key?.slice(prefix.length) ?? '';
      // An object with the folder's own name is how some tools mark a folder.
      if (name !== '') files.push({ name, size: Size ?? null });
    }
    token = output.NextContinuationToken;
    if (output.IsTruncated !== true || token === undefined) return files;
  }
  throw new SourceError('refused', `The listing of ${describeLocation(folder)} does not end`);
}

async function listPage(
  client: S3Client,
  folder: S3Location,
  prefix: string,
  token: string | undefined,
  signal: AbortSignal,
) {
  const input = { Bucket: folder.bucket, Prefix: prefix, Delimiter: '/', ContinuationToken: token };
  try {
    return await client.send(new ListObjectsV2Command(input), { abortSignal: signal });
  } catch (error) {
    throw s3Error(folder, error);
  }
}
