import { showValue } from '../../domain/manifest/show-value.ts';
import { RULES } from './rules.ts';

/** The machines that a file names, and a line for each mistake in it. */
export interface HostsFile {
  readonly hosts: readonly string[];
  readonly mistakes: readonly string[];
}

/**
 * Reads a list of machines: one a line, as ssh takes it; what follows a `#` at the beginning of a word is a comment.
 * Pure. The whole of it is looked at.
 * @param file as it is named in mistakes
 */
export function parseHostsFile(text: string, file: string): HostsFile {
  const lineOf = new Map<string, number>();
  const mistakes: string[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const number = index + 1;
    const wrong = (what: string): void => void mistakes.push(`${file}:${number}: ${what}`);
    const [host, ...more] = line
      .replace(/(^|\s)#.*$/, '')
      .split(/\s+/)
      .filter((word) => word !== '');
    if (host === undefined) continue;
    const before = lineOf.get(host);
    if (more.length > 0) wrong(`${more.length + 1} words; expected one machine a line`);
    else if (!RULES['ssh.hosts'].accepts([host])) wrong(`${showValue(host)} is no machine; ${EXPECTED}`);
    else if (before !== undefined) wrong(`${showValue(host)} is there twice, first in line ${before}`);
    else lineOf.set(host, number);
  }
  if (lineOf.size === 0 && mistakes.length === 0) mistakes.push(`${file}: it names no machine`);
  return { hosts: [...lineOf.keys()], mistakes };
}

const EXPECTED = 'expected what ssh takes, such as admin@10.0.0.7 or ssh://root@10.0.0.9:2222';
