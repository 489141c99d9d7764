import { inTurn, type InTurn } from '../../domain/in-turn.ts';
import { UserError } from '../../domain/user-error.ts';
import type { Logger } from '../../log/logger.ts';
import { parseJoin, parseNewJoinToken } from '../../protocol/join-record.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import type { Route } from '../http/app.ts';
import { HttpError, JSON_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { readCredentials } from './credentials.ts';
import { createJoinToken, joinWith, type Joined, type Joining } from './join-tokens.ts';
import type { TokenList } from './token-list.ts';

interface JoinParts {
  tokens: TokenList;
  dataDir: string;
  now: () => Date;
  logger: Logger;
}

const BODY_LIMIT = 4 * 1024;

/**
 * POST /join: a host gets a token of its own. POST /tokens/join: a token for hosts that join.
 * @param parts null: the orchestrator asks nobody for a token, and hosts need none
 */
export function joinRoutes(parts: JoinParts | null): Route[] {
  const changes = changesInTurn();
  return [
    { path: '/join', added: true, POST: async (request) => join(request, parts, changes) },
    { path: '/tokens/join', added: true, POST: async (request) => makeJoinToken(request, parts, changes) },
  ];
}

async function join(request: ApiRequest, parts: JoinParts | null, changes: InTurn): Promise<Reply> {
  const { nonce, name } = parseJoin(await request.body(BODY_LIMIT));
  const { tokenId, joins } = request.caller;
  // Whoever has a token, or needs none, is in.
  if (parts === null || !joins || tokenId === null) {
    return json({ token: null, id: null, expires_at: null });
  }
  const { tokens, dataDir, now, logger } = parts;
  const joining: Joining = { joinToken: presented(request), joinTokenId: tokenId, nonce, name };
  const joined = await changes(() => joinWith(dataDir, joining, now()));
  if (joined.kind !== 'joined') throw refusal(joined);
  await tokens.reload();
  const { token, stored, again } = joined;
  logger.info({ host: name, tokenId: stored.id, with: tokenId, again }, 'a host has joined');
  return json({ token, id: stored.id, expires_at: stored.expiresAt });
}

function presented(request: ApiRequest): string {
  const credentials = readCredentials(request.header('authorization'));
  return credentials.kind === 'token' ? credentials.token : '';
}

function refusal(joined: Exclude<Joined, { kind: 'joined' }>): HttpError {
  const [code, message] =
    joined.kind === 'gone'
      ? ['JOIN_TOKEN_GONE', 'The join token is not valid any more']
      : ['JOIN_TOKEN_USED_UP', `The join token was for ${joined.uses} hosts, and as many have joined`];
  return new HttpError(403, message, {
    code,
    hint: "On the orchestrator's host: replay tokens list, replay tokens create --join",
  });
}

async function makeJoinToken(request: ApiRequest, parts: JoinParts | null, changes: InTurn): Promise<Reply> {
  const wanted = parseNewJoinToken(await request.body(BODY_LIMIT));
  if (parts === null) return json({ token: null, id: null, uses: wanted.uses, expires_at: null });
  const { tokens, dataDir, now, logger } = parts;
  const { token, stored } = await changes(() => createJoinToken(dataDir, wanted, now()));
  await tokens.reload();
  const { id, name, expiresAt } = stored;
  logger.info({ tokenId: id, name, uses: wanted.uses, expiresAt }, 'a join token was made');
  return json({ token, id, uses: wanted.uses, expires_at: expiresAt });
}

function json(value: object): Reply {
  return { status: 200, type: JSON_TYPE, body: pythonJson(value) };
}

/** A hundred hosts that join at once would wait for the lock of the file longer than it is waited for. */
function changesInTurn(): InTurn {
  const turn = inTurn();
  return (work) =>
    turn(work).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      const { code, message, hint } = error;
      throw new HttpError(503, message, { code, ...(hint === undefined ? {} : { hint }) });
    });
}
