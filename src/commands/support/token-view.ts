import { Flags } from '@oclif/core';
import type { StoredToken } from '../../core/orchestrator/access/token-file.ts';

/** The data directory of the orchestrator whose tokens a command is about. */
export const dataDirFlag = Flags.string({
  description: 'data directory of the orchestrator',
  env: 'REPLAY_DATA_DIR',
  helpValue: 'DIR',
  default: './replay-data',
});

/** A token for programs; the hash is nobody's business. */
export function tokenRecord({ id, name, rights, createdAt, expiresAt, join, joinedWith }: StoredToken) {
  return {
    id,
    name,
    rights,
    created_at: createdAt,
    expires_at: expiresAt,
    join: join === undefined ? null : { uses: join.uses, used: join.used },
    joined_with: joinedWith ?? null,
  };
}

/** One token a line, in columns; with the join token that it was given for where there is any such token. */
export function tokenTable(tokens: readonly StoredToken[], now: Date): string {
  const joined = tokens.some(({ joinedWith }) => joinedWith !== undefined);
  const rows = tokens.map(({ id, name, rights, createdAt, expiresAt, join, joinedWith }) => [
    id,
    name ?? '-',
    join === undefined ? rights.join(',') : `join ${join.used}/${join.uses}`,
    day(createdAt),
    expiresAt === null
      ? 'never'
      : `${day(expiresAt)}${Date.parse(expiresAt) <= now.getTime() ? ' (expired)' : ''}`,
    ...(joined ? [joinedWith ?? '-'] : []),
  ]);
  const head = ['ID', 'NAME', 'RIGHTS', 'CREATED', 'EXPIRES', ...(joined ? ['JOINED WITH'] : [])];
  const table = [head, ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function day(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}
