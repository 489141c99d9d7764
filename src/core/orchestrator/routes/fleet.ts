import { ExitCode } from '../../domain/exit-codes.ts';
import { UserError } from '../../domain/user-error.ts';
import type { FleetDesk } from '../../hosts/desk/fleet-desk.ts';
import { parseFleetDown, parseFleetUp, type FleetUnderWay } from '../../protocol/fleet-record.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import { callerName } from '../access/caller.ts';
import { HttpError, JSON_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';

/** Bytes of a body: a thousand ids. */
const BODY_LIMIT = 512 * 1024;

/** Errors of the caller, and of what is there; all others are of the place that the hosts come from. */
const STATUS_OF: Readonly<Record<string, number>> = {
  HOSTS_LIMIT: 409,
  FLEET_BUSY: 409,
  FLEET_TOKEN_USED: 409,
  FLEET_REQUEST_IN_DOUBT: 409,
  STATE_DIR_UNUSABLE: 503,
};

/** GET /fleet. @param fleet null: this orchestrator knows no fleet */
export async function getFleet(fleet: FleetDesk | null): Promise<Reply> {
  return json(200, await known(fleet).look());
}

/** POST /fleet/up: launches hosts. */
export async function postFleetUp(request: ApiRequest, fleet: FleetDesk | null): Promise<Reply> {
  const desk = known(fleet);
  const wish = parseFleetUp(await request.body(BODY_LIMIT));
  return inTime(desk, desk.up(wish, callerName(request.caller)));
}

/** POST /fleet/down: stops hosts for good. */
export async function postFleetDown(request: ApiRequest, fleet: FleetDesk | null): Promise<Reply> {
  const desk = known(fleet);
  const wish = parseFleetDown(await request.body(BODY_LIMIT));
  return inTime(desk, desk.down(wish, callerName(request.caller)));
}

function known(fleet: FleetDesk | null): FleetDesk {
  if (fleet !== null) return fleet;
  throw new HttpError(404, 'This orchestrator knows no fleet', {
    code: 'FLEET_UNKNOWN',
    hint: 'Start it with `replay serve --fleet FILE`.',
  });
}

/** A caller is kept waiting for a while; what it asked for goes on. */
async function inTime(desk: FleetDesk, work: Promise<object>): Promise<Reply> {
  try {
    const answer = await Promise.race([work, desk.patience()]);
    if (answer !== null) return json(200, answer);
    // What becomes of it is logged, and told to whoever asks again.
    work.catch(() => undefined);
    return json(202, { under_way: true } satisfies FleetUnderWay);
  } catch (error) {
    throw error instanceof UserError ? refusal(error) : error;
  }
}

function refusal({ code, message, hint, exitCode }: UserError): HttpError {
  const status = STATUS_OF[code] ?? (exitCode === ExitCode.invalidInput ? 400 : 502);
  return new HttpError(status, message, { code, ...(hint === undefined ? {} : { hint }) });
}

function json(status: number, value: object): Reply {
  return { status, type: JSON_TYPE, body: pythonJson({ ...value }) };
}
