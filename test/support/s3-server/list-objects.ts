import { etagOf } from '../http-file-server/serve-file.ts';
import { pathsUnder, readFrom } from '../http-file-server/tree.ts';
import type { Root } from '../http-file-server/tree.ts';

/** One page of ListObjectsV2; null when there is no such bucket. */
export function listObjects(
  root: Root,
  bucket: string,
  query: URLSearchParams,
  pageSize: number,
): string | null {
  const keys = pathsUnder(root, `${bucket}/`).map((path) => path.slice(bucket.length + 1));
  if (keys.length === 0) return null;
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const entries = [
    ...new Set(keys.filter((key) => key.startsWith(prefix)).map((key) => rollUp(key, prefix, delimiter))),
  ];
  // The token is opaque to clients; here it is the number of entries that were given already.
  const begin = Number(query.get('continuation-token') ?? 0);
  const page = entries.slice(begin, begin + Math.min(pageSize, Number(query.get('max-keys') ?? pageSize)));
  const next = begin + page.length < entries.length ? begin + page.length : null;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
    `<Name>${bucket}</Name><Prefix>${escape(prefix)}</Prefix><KeyCount>${page.length}</KeyCount>`,
    `<MaxKeys>${pageSize}</MaxKeys><IsTruncated>${next !== null}</IsTruncated>`,
    next === null ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`,
    ...page.map((entry) => element(root, bucket, entry, prefix, delimiter)),
    '</ListBucketResult>',
  ].join('\n');
}

/** A key, or what stands for all keys in one folder. */
function rollUp(key: string, prefix: string, delimiter: string): string {
  const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return end === -1 ? key : key.slice(0, end + delimiter.length);
}

function element(root: Root, bucket: string, entry: string, prefix: string, delimiter: string): string {
  const isFolder = delimiter !== '' && entry.length > prefix.length && entry.endsWith(delimiter);
  if (isFolder) return `<CommonPrefixes><Prefix>${escape(entry)}</Prefix></CommonPrefixes>`;
  const bytes = readFrom(root, `${bucket}/${entry}`) ?? new Uint8Array();
  return `<Contents><Key>${escape(entry)}</Key><LastModified>2026-11-22T10:51:26.000Z</LastModified><ETag>${escape(etagOf(bytes))}</ETag><Size>${bytes.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
