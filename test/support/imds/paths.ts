/** What the service has, by its path below the version: `meta-data/instance-id`, `user-data`. */
export type MetadataTree = ReadonlyMap<string, string>;

/** Versions that real hosts offer; cloud-init looks for the newest that it knows. */
const VERSIONS = ['1.0', '2009-04-04', '2016-09-02', '2018-09-24', '2021-03-23', 'latest'];

/**
 * The answer to a GET as the instance metadata service of EC2 gives it: the value of a leaf, or the names below
 * a folder, each folder among them with a slash at its end. A folder is found with and without that slash.
 * @param path of the URL
 * @returns null: there is no such thing (404)
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 */
export function answerFor(tree: MetadataTree, path: string): string | null {
  if (path === '/') return VERSIONS.join('\n');
  const [version = '', ...rest] = path.slice(1).split('/');
  if (!VERSIONS.includes(version)) return null;
  const inside = rest.join('/').replace(/\/$/, '');
  return tree.get(inside) ?? namesBelow(tree, inside === '' ? '' : `${inside}/`);
}

function namesBelow(tree: MetadataTree, folder: string): string | null {
  const names = [...tree.keys()]
    .filter((path) => path.startsWith(folder))
    .map((path) => path.slice(folder.length).replace(/\/.*$/, '/'));
  return names.length === 0 ? null : [...new Set(names)].toSorted().join('\n');
}
