import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

/** Prints the modules that are loaded together with the table of commands. */
const LIST_MODULES = `
import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
await import('./src/commands/index.ts');
console.log(loaded.join('\\n'));
`;

function modulesOfAllCommands(): string[] {
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', LIST_MODULES], {
    cwd: resolve(import.meta.dirname, '../..'),
    encoding: 'utf8',
  });
  return output.trim().split('\n');
}

test('what only few commands need, and takes long to load, is loaded by those alone', () => {
  const modules = modulesOfAllCommands();
  expect(modules.some((url) => url.endsWith('/src/commands/serve.ts'))).toBe(true);
  const heavy = ['/@aws-sdk/', '/@smithy/', '/prom-client/', '/@tinyhttp/', '/nedb'];
  expect(modules.filter((url) => heavy.some((part) => url.includes(part)))).toEqual([]);
});
