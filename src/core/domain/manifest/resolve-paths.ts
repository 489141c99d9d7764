import { posix } from 'node:path';
import type { Slice, StorageType } from '../slice.ts';
import { isVersion } from '../version.ts';
import { isUrl } from './location-form.ts';

/**
 * Makes every relative path in the slices one that holds anywhere: paths in a manifest are relative to
 * its folder, and workers run on other hosts and in other folders.
 *
 * @param manifestFolder absolute path, or http(s):// or s3:// URL of the folder that holds the manifest.
 */
export function resolveSlicePaths(slices: readonly Slice[], manifestFolder: string): Slice[] {
  const resolve = (path: string): string => resolveLocation(path, manifestFolder);
  const resolveOptional = (path: string | null): string | null => (path === null ? null : resolve(path));
  return slices.map((slice) => {
    const snapshotPath = slice.snapshotPath === '' ? '' : resolve(slice.snapshotPath);
    return {
      ...slice,
      snapshotPath,
      storageType: storageTypeOf(snapshotPath, slice.storageType),
      blocksPath: resolveOptional(slice.blocksPath),
      genesisPath: resolveOptional(slice.genesisPath),
      nodeosVersion:
        slice.nodeosVersion === null || isVersion(slice.nodeosVersion)
          ? slice.nodeosVersion
          : resolve(slice.nodeosVersion),
    };
  });
}

function resolveLocation(path: string, folder: string): string {
  if (isUrl(path) || posix.isAbsolute(path)) return path;
  return isUrl(folder) ? joinUrl(folder, path) : posix.join(folder, path);
}

/** By hand, because `new URL` would escape what may stand in an S3 key, and drop the folder's last part. */
function joinUrl(folder: string, path: string): string {
  const [, root = '', rest = ''] = /^([^:]+:\/\/[^/]+)(.*)$/s.exec(folder) ?? [];
  return root + posix.join('/', rest, path);
}

/** A path beside a manifest that came over the network is fetched over the network too. */
function storageTypeOf(snapshotPath: string, storageType: StorageType): StorageType {
  if (storageType !== 'filesystem' || !isUrl(snapshotPath)) return storageType;
  return snapshotPath.startsWith('s3://') ? 's3' : 'http';
}
