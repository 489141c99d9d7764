import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { MEANINGS } from '../../src/core/hosts/settings/meanings.ts';
import { SETTING_NAMES } from '../../src/core/hosts/settings/rules.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const TEXT = readFileSync(join(ROOT, 'docs/aws.md'), 'utf8');

interface Policy {
  Statement: { Action: string | string[] }[];
}

const JSONS = Array.from(
  TEXT.matchAll(/```json\n(.*?)```/gsu),
  ([, json = '']) => JSON.parse(json) as object,
);

/** Actions that the program sends, by what it makes of the SDK's commands; all but one are EC2's. */
function sentActions(): string[] {
  const folder = join(ROOT, 'src/core/hosts/ec2');
  const source = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const names = Array.from(source.join('\n').matchAll(/new (\w+)Command\(|paginate(\w+)\(/gu));
  const actions = new Set(names.map(([, sent, paged = '']) => sent ?? paged));
  return Array.from(actions, (name) => `${name === 'GetProducts' ? 'pricing' : 'ec2'}:${name}`);
}

test('docs/aws.md says of every setting what the schema says', () => {
  const rows = Array.from(TEXT.matchAll(/^\| `(\S+)` +\| (.*?) +\| (.*?) +\|$/gmu), ([, ...cells]) => cells);
  const settings = rows.filter(([name]) => SETTING_NAMES.some((known) => known === name));
  expect(settings).toEqual(SETTING_NAMES.map((name) => [name, ...Object.values(MEANINGS[name])]));
});

test('the policy of whoever launches has the rights to what is sent, and no others', () => {
  const policy = JSONS.find((json): json is Policy => JSON.stringify(json).includes('ec2:CreateFleet'));
  const actions = new Set(policy?.Statement.flatMap(({ Action }) => Action));
  // To tag at the launch is a right of its own.
  const needed = new Set([...sentActions(), 'ec2:CreateTags', 'iam:PassRole']);
  expect([...actions].toSorted()).toEqual([...needed].toSorted());
});
