import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { buildDashboard, DASHBOARD } from './build-dashboard.ts';

/**
 * Makes `dist/replay`, the one file that is shipped. Without the two `--no-compile-autoload` flags
 * the program would read `.env` and run the preload scripts of a `bunfig.toml` in the directory in
 * which somebody starts it.
 */
const outfile = 'dist/replay';
const flags = [
  '--compile',
  '--minify',
  '--bytecode',
  '--format=esm',
  '--sourcemap',
  '--no-compile-autoload-dotenv',
  '--no-compile-autoload-bunfig',
  '--asset',
  DASHBOARD,
];

mkdirSync('dist', { recursive: true });
buildDashboard();
execFileSync('node_modules/.bin/bun', ['build', ...flags, 'bin/replay.ts', '--outfile', outfile], {
  stdio: ['ignore', 'inherit', 'inherit'],
});
process.stdout.write(`${outfile}: ${(statSync(outfile).size / 1024 ** 2).toFixed(0)} MiB\n`);
