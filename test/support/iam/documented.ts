import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Policy } from './policy.ts';

const TEXT = readFileSync(resolve(import.meta.dirname, '../../../docs/aws.md'), 'utf8');

/** The JSON under a heading of docs/aws.md. */
export function documentedJson(heading: string): object {
  const [, section = ''] = TEXT.split(`\n## ${heading}\n`);
  const [, json = ''] = /```json\n(.*?)```/su.exec(section) ?? [];
  return JSON.parse(json) as object;
}

export const LAUNCH_POLICY = documentedJson('The policy of whoever launches') as Policy;
export const HOST_POLICY = documentedJson('The policy of the hosts') as Policy;
