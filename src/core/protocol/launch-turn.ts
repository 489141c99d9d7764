import { FieldError, parseObject, text } from './fields.ts';

/** POST /fleet/turn: whoever launches hosts of a fleet, of all that do, asks for its turn before it looks at what is there. */
export interface LaunchTurnRequest {
  /** Name of the fleet. */
  fleet: string;
  /** Chosen by the caller, for one launch; 8 to 64 of A-Z, a-z, 0-9, _ and -. */
  token: string;
  /** How long it needs it; 0 gives it back. The same token again prolongs it. */
  seconds: number;
}

export interface LaunchTurnAnswer {
  granted: boolean;
  /** Who has it, or asked for it first; null: nobody, or that is not known. */
  by: string | null;
  /** Until it is free in any case. */
  seconds: number;
}

/** Whoever needs longer asks again in between; whoever is killed keeps others from it for no longer. */
export const MOST_TURN_SECONDS = 300;

/** @throws FieldError */
export function parseLaunchTurn(body: string): LaunchTurnRequest {
  const fields = parseObject(body);
  const fleet = text(fields, 'fleet', 101);
  const token = text(fields, 'token', 65);
  const { seconds } = fields;
  if (fleet === undefined || fleet === '' || fleet.length > 100) {
    throw new FieldError('fleet is required: the name of the fleet');
  }
  if (token === undefined || !/^[\w-]{8,64}$/.test(token)) {
    throw new FieldError('token is required: 8 to 64 of A-Z, a-z, 0-9, _ and -');
  }
  if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= MOST_TURN_SECONDS)) {
    throw new FieldError(`seconds is required: a number from 0 to ${MOST_TURN_SECONDS}`);
  }
  return { fleet, token, seconds };
}
