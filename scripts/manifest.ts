import { readFileSync, writeFileSync } from 'node:fs';
import { loadPlugin } from '../bin/cli-config.ts';

/**
 * Writes `oclif.manifest.json`, the recorded command-line surface; with `--check` it only says
 * whether the file in the tree is what today's code would give.
 */
const FILE = 'oclif.manifest.json';
const plugin = await loadPlugin();
const current = `${JSON.stringify(plugin.manifest, null, 2)}\n`;

if (process.argv.includes('--check')) {
  let recorded = '';
  try {
    recorded = readFileSync(FILE, 'utf8');
  } catch {
    // A missing file is as stale as a wrong one.
  }
  if (recorded !== current) {
    process.stderr.write(`${FILE} is not current: run "npm run manifest" and review the change.\n`);
    process.exitCode = 1;
  } else {
    process.stdout.write(`${FILE} is current.\n`);
  }
} else {
  writeFileSync(FILE, current);
  process.stdout.write(`${FILE} written.\n`);
}
