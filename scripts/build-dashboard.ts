import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Where the dashboard is built; the last part is its name inside the single file. */
export const DASHBOARD = 'dist/dashboard';

/**
 * Bundles the pages into a few files whose names change with their content, and compresses them here, once
 * and as far as it goes, so that the orchestrator does not have to.
 */
export function buildDashboard(): void {
  rmSync(DASHBOARD, { recursive: true, force: true });
  const names = ['--entry-naming', '[name].[ext]'];
  for (const kind of ['chunk', 'asset']) names.push(`--${kind}-naming`, '[name]-[hash].[ext]');
  const flags = ['--target', 'browser', '--minify', '--public-path', '/assets/', ...names];
  execFileSync(
    'node_modules/.bin/bun',
    ['build', 'src/core/dashboard/index.html', '--outdir', DASHBOARD, ...flags],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  let sent = 0;
  for (const name of readdirSync(DASHBOARD)) {
    if (!['.html', '.js', '.css', '.svg'].includes(extname(name))) continue;
    const path = join(DASHBOARD, name);
    const content = readFileSync(path);
    const br = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    sent += br.length;
    writeFileSync(`${path}.br`, br);
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  }
  process.stdout.write(`${DASHBOARD}: ${(sent / 1024).toFixed(0)} KiB compressed\n`);
}
