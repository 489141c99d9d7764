import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface AptSource {
  /** null: debootstrap's own default. */
  mirror: string | null;
  /** What debootstrap's downloads need to know of proxies. */
  env: Record<string, string>;
}

/**
 * Where this machine gets Debian's packages from, and through what: as apt is configured. A machine of another
 * distribution has no such source.
 */
export async function aptSource(suite: string): Promise<AptSource> {
  const format = '$(SITE) $(RELEASE) $(COMPONENT)';
  const { stdout } = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  const lines = stdout.split('\n').map((line) => line.split(' '));
  const found = lines.find(([, release, component]) => release === suite && component === 'main');
  const env: Record<string, string> = {};
  for (const scheme of ['http', 'https']) {
    const proxy = await aptSetting(`Acquire::${scheme}::Proxy`);
    if (proxy !== null && proxy !== 'DIRECT') env[`${scheme}_proxy`] = proxy;
  }
  return { mirror: found?.[0] ?? null, env };
}

async function aptSetting(name: string): Promise<string | null> {
  const { stdout } = await run('apt-config', ['shell', 'value', name]);
  return /^value='(?<value>.*)'$/mu.exec(stdout)?.groups?.['value'] ?? null;
}
