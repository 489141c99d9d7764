import { readFileSync, writeFileSync } from 'node:fs';

/**
 * npm leaves an optional package out of `package-lock.json` when the registry in use does not have it
 * (mirrors often carry one platform only), and `npm ci` then refuses that same lockfile as incomplete.
 * This adds what is missing, with the platform that the package's name tells, so that `npm ci` works
 * with every registry. Run it after each `npm install` that changed the lockfile.
 */
interface LockEntry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const FILE = 'package-lock.json';
const lock = JSON.parse(readFileSync(FILE, 'utf8')) as { packages: Record<string, LockEntry> };
const missing = new Map<string, LockEntry>();

for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`;
    if (path === '' || place in lock.packages) continue;
    missing.set(place, { version, ...(entry.dev && { dev: true }), optional: true, ...platformOf(name) });
  }
}

const packages = Object.entries({ ...lock.packages, ...Object.fromEntries(missing) });
lock.packages = Object.fromEntries(packages.toSorted(([a], [b]) => (a < b ? -1 : Number(a > b))));
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${FILE}: ${missing.size} entries added.\n`);

/** `@scope/binding-linux-arm64-musl` → os linux, cpu arm64, libc musl. */
function platformOf(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> {
  const match =
    /(?<os>android|darwin|freebsd|linux|openharmony|win32)-(?<cpu>[a-z0-9]+)(?:-(?<abi>[a-z]+))?$/u.exec(
      name,
    );
  if (match?.groups === undefined) throw new Error(`${name}: no platform can be told from the name`);
  const { os, cpu, abi } = match.groups as { os: string; cpu: string; abi?: string };
  const libc = abi?.startsWith('musl') ? 'musl' : abi?.startsWith('gnu') ? 'glibc' : null;
  return { os: [os], cpu: [cpu], ...(os === 'linux' && libc !== null && { libc: [libc] }) };
}
