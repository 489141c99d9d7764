import type { StorageType } from '../slice.ts';

/** Any URL has one, a path has none. */
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
/** The bucket becomes part of a host name or a path: nothing that could lead elsewhere may pass. */
const S3_BUCKET = '[A-Za-z0-9][A-Za-z0-9._-]{1,254}';
const S3_FILE = new RegExp(`^s3://${S3_BUCKET}/.*[^/]$`);
const S3_FOLDER = new RegExp(`^s3://${S3_BUCKET}(/.*)?$`);

export function isBucketName(text: string): boolean {
  return new RegExp(`^${S3_BUCKET}$`).test(text);
}

export function isUrl(text: string): boolean {
  return SCHEME.test(text);
}

/**
 * What a snapshot path has to look like for its storage type.
 *
 * @returns null when the path fits.
 */
export function expectedSnapshotPath(storageType: StorageType, path: string): string | null {
  switch (storageType) {
    case 's3':
      return S3_FILE.test(path) && isClean(path) ? null : 's3://bucket/key, since storage_type is s3';
    case 'http':
      return isHttpFile(path) ? null : 'the http:// or https:// URL of a file, since storage_type is http';
    case 'filesystem':
      return isFilePath(path) ? null : 'the path of a file, since storage_type is filesystem';
    default: {
      const never: never = storageType;
      throw new Error(`no such storage type: ${String(never)}`);
    }
  }
}

/** A single file, wherever it is. */
export function isFileLocation(text: string): boolean {
  return isUrl(text) ? isHttpFile(text) || (S3_FILE.test(text) && isClean(text)) : isFilePath(text);
}

/** A folder, wherever it is; a slash at its end is allowed. */
export function isFolderLocation(text: string): boolean {
  if (!isClean(text)) return false;
  return !isUrl(text) || isHttp(text) || S3_FOLDER.test(text);
}

/** The file of a package: its name ends in .deb, whatever query follows in a URL. */
export function isDebLocation(text: string): boolean {
  if (!isFileLocation(text)) return false;
  const name = isHttp(text) ? new URL(text).pathname : text;
  return name.endsWith('.deb');
}

function isHttp(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

function isHttpFile(text: string): boolean {
  return isClean(text) && isHttp(text) && !new URL(text).pathname.endsWith('/');
}

function isFilePath(text: string): boolean {
  return isClean(text) && !isUrl(text) && !text.endsWith('/');
}

/** Not empty, no space at either end, no control characters: those are slips of a generator or an editor. */
function isClean(text: string): boolean {
  if (text === '' || text !== text.trim()) return false;
  return !/\p{Cc}/u.test(text);
}
