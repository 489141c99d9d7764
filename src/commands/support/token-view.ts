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

/** One token a line, in columns. */
export function tokenTable(tokens: readonly StoredToken[], now: Date): string {
  const rows = tokens.map(({ id, name, rights, createdAt, expiresAt, join }) => [
    id,
    name ?? '-',
    join === undefined ? rights.join(',') : `join ${join.used}/${join.uses}`,
    day(createdAt),
    expiresAt === null
      ? 'never'
      : `${day(expiresAt)}${Date.parse(expiresAt) <= now.getTime() ? ' (expired)' : ''}`,
  ]);
  const table = [['ID', 'NAME', 'RIGHTS', 'CREATED', 'EXPIRES'], ...rows];
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
