import { FieldError, describe, parseObject, present, text, type Fields } from './fields.ts';

/** What a host sends to `POST /join`. */
export interface JoinRecord {
  /** Random, made by the host and told to nobody else; the same when it asks again. */
  nonce: string;
  /** The worker's id. */
  name: string;
}

/** What it is answered. */
export interface JoinAnswer {
  /** null: none is needed, or the one that it came with will do. */
  token: string | null;
  id: string | null;
  /** UTC, ISO 8601 with milliseconds and `Z`. */
  expires_at: string | null;
}

/** What `POST /tokens/join` is answered. */
export interface JoinTokenAnswer extends JoinAnswer {
  uses: number;
}

/** Characters of a host's name. */
const MAX_NAME = 100;
const HOUR = 3600;
const DAY = 24 * HOUR;

export const DEFAULT_JOIN = { uses: 1, validSeconds: HOUR, workerValidSeconds: 7 * DAY };
/** As many tokens as an orchestrator keeps. */
export const MAX_USES = 1000;
export const MAX_JOIN_SECONDS = 7 * DAY;
export const MAX_WORKER_SECONDS = 3650 * DAY;

/** @throws FieldError that names the field */
export function parseJoin(body: string): JoinRecord {
  const fields = parseObject(body);
  const nonce = text(fields, 'nonce', 201);
  if (nonce === undefined || !/^[A-Za-z0-9_-]{32,200}$/.test(nonce)) {
    throw new FieldError('nonce is required: 32 to 200 of the characters A-Z, a-z, 0-9, _ and -');
  }
  return { nonce, name: nameOf(fields) ?? 'unnamed' };
}

/** @throws FieldError that names the field */
export function parseNewJoinToken(body: string): {
  name: string | null;
  uses: number;
  validForMs: number;
  workerValidForMs: number;
} {
  const fields = parseObject(body);
  return {
    name: nameOf(fields),
    uses: whole(fields, 'uses', MAX_USES) ?? DEFAULT_JOIN.uses,
    validForMs: 1000 * (whole(fields, 'valid_seconds', MAX_JOIN_SECONDS) ?? DEFAULT_JOIN.validSeconds),
    workerValidForMs:
      1000 * (whole(fields, 'worker_valid_seconds', MAX_WORKER_SECONDS) ?? DEFAULT_JOIN.workerValidSeconds),
  };
}

/** It is shown in a terminal. */
function nameOf(fields: Fields): string | null {
  const name = text(fields, 'name', MAX_NAME)?.replaceAll(/[^\p{L}\p{N} ._@:/+-]/gu, '-');
  return name === undefined || name === '' ? null : name;
}

function whole(fields: Fields, name: string, most: number): number | undefined {
  const value = present(fields, name);
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > most) {
    throw new FieldError(`${name} must be an integer from 1 to ${most}, and is ${describe(value)}`);
  }
  return value;
}
