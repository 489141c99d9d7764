import { parseLaunchTurn } from '../../protocol/launch-turn.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import { callerName } from '../access/caller.ts';
import { JSON_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import type { LaunchTurns } from '../launch-turns.ts';

const BODY_LIMIT = 8 * 1024;

/** POST /fleet/turn: asks for the turn to launch hosts of a fleet, of any that this orchestrator need not know. */
export async function postLaunchTurn(request: ApiRequest, turns: LaunchTurns): Promise<Reply> {
  const wish = parseLaunchTurn(await request.body(BODY_LIMIT));
  const answer = turns.ask(wish, callerName(request.caller));
  return { status: 200, type: JSON_TYPE, body: pythonJson({ ...answer }) };
}
