import { AttemptFailure } from '../../core/domain/attempt-failure.ts';
import { parseNodeosVersion, productOf } from '../product.ts';
import type { Product } from '../product.ts';

/** Where a nodeos package comes from. */
export type PackageSource =
  | { readonly kind: 'release'; readonly product: Product; readonly version: string; readonly url: string }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string };

/** Where AntelopeIO publishes its packages. */
export const DEFAULT_DEB_URL =
  'https://github.com/AntelopeIO/{repository}/releases/download/v{version}/{file}';

const PLACEHOLDERS = ['product', 'repository', 'version', 'major', 'file'] as const;
const REMOTE = /^(https?|s3):\/\//i;

/**
 * The name of the package as AntelopeIO publishes it; null for a series whose naming is not known.
 * Leap 4 was built once for each Ubuntu; from Leap 5 on there is one package for all.
 */
function packageFile(version: string): string | null {
  const parsed = parseNodeosVersion(version);
  if (!parsed) return null;
  if (productOf(parsed.text) === 'spring') return `antelope-spring_${parsed.text}_amd64.deb`;
  if (parsed.major === 5) return `leap_${parsed.text}_amd64.deb`;
  if (parsed.major === 4) return `leap_${parsed.text}-ubuntu22.04_amd64.deb`;
  return null;
}

/**
 * Says where the package for a slice comes from.
 * @param wanted a version, the URL of a .deb, or the path of one
 * @param template the URL of a package with `{product}`, `{repository}`, `{version}`, `{major}` and `{file}`
 *   in it; undefined for the releases on GitHub
 * @throws AttemptFailure `bad-job` when it is none of these, or a version of which no package is known
 */
export function packageSource(wanted: string, template: string = DEFAULT_DEB_URL): PackageSource {
  if (REMOTE.test(wanted)) return { kind: 'url', url: wanted };
  if (wanted.startsWith('/') || wanted.endsWith('.deb')) return { kind: 'file', path: wanted };
  const product = productOf(wanted);
  const version = parseNodeosVersion(wanted)!.text;
  return { kind: 'release', product, version, url: fillTemplate(template, product, version) };
}

/** Names the placeholders in a `--deb-url` template that mean nothing; empty when it is well formed. */
export function unknownPlaceholders(template: string): string[] {
  const known: readonly string[] = PLACEHOLDERS;
  return [...template.matchAll(/\{([^{}]*)\}/g)]
    .map((match) => match[1]!)
    .filter((name) => !known.includes(name));
}

function fillTemplate(template: string, product: Product, version: string): string {
  const file = packageFile(version);
  if (file === null && template.includes('{file}')) {
    throw new AttemptFailure('bad-job', `No package is known for nodeos ${version}`, {
      hint: 'Packages are known for Leap 4, Leap 5 and Spring. Give the slice a nodeos_version: the URL or the path of a .deb.',
    });
  }
  const values: Record<(typeof PLACEHOLDERS)[number], string> = {
    product,
    repository: product,
    version,
    major: version.split('.')[0]!,
    file: file ?? '',
  };
  return PLACEHOLDERS.reduce((url, name) => url.replaceAll(`{${name}}`, values[name]), template);
}
