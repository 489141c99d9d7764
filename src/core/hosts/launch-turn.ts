import { ExitCode } from '../domain/exit-codes.ts';
import { UserError } from '../domain/user-error.ts';
import type { OrchestratorClient } from '../protocol/client.ts';
import type { LaunchTurnAnswer } from '../protocol/launch-turn.ts';

/** A turn is for so long, and is asked for again in between. Whoever is killed keeps others waiting for no longer. */
const TURN_SECONDS = 30;
const AGAIN_MS = 10_000;

const ASK_EVERY_MS = 1000;

export interface TurnPorts {
  readonly client: OrchestratorClient;
  readonly fleet: string;
  /** Names this launch: 8 to 64 of A-Z, a-z, 0-9, _ and -. */
  readonly token: string;
  /** How long it is waited for. */
  readonly patienceMs: number;
  /** A line for people. */
  readonly say: (line: string) => void;
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** Does what looks at the fleet and then launches, in its turn. */
export type LaunchTurn = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Does what looks at the fleet and then launches, while nobody else does: other terminals, and the orchestrator itself.
 * An orchestrator of an older version knows no turns, and it is done at once.
 * @throws UserError FLEET_BUSY when somebody else is at it for longer than is waited; OrchestratorError
 */
export async function inLaunchTurn<T>(
  ports: TurnPorts,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const { client, fleet, token, sleep } = ports;
  await untilGranted(ports, signal);
  const over = new AbortController();
  const renew = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await sleep(AGAIN_MS, over.signal).catch(() => undefined);
      // What is under way goes on in any case.
      if (!over.signal.aborted) await ask(client, { fleet, token, seconds: TURN_SECONDS }).catch(() => null);
    }
  };
  const renewal = renew();
  try {
    return await work();
  } finally {
    over.abort();
    await renewal;
    await ask(client, { fleet, token, seconds: 0 }).catch(() => null);
  }
}

async function untilGranted(ports: TurnPorts, signal: AbortSignal): Promise<void> {
  const { client, fleet, token, patienceMs, say, now, sleep } = ports;
  const began = now();
  for (let isTold = false; ; isTold = true) {
    signal.throwIfAborted();
    const answer = await ask(client, { fleet, token, seconds: TURN_SECONDS }, signal);
    if (answer === null || answer.granted) return;
    if (now() - began >= patienceMs) throw busy(fleet, answer);
    if (!isTold) say(`Hosts of ${fleet} are being launched${who(answer)}: waiting until that is done.`);
    await sleep(ASK_EVERY_MS, signal);
  }
}

function ask(
  client: OrchestratorClient,
  wish: { fleet: string; token: string; seconds: number },
  signal?: AbortSignal,
): Promise<LaunchTurnAnswer | null> {
  return client.launchTurn(wish, signal === undefined ? {} : { signal });
}

function who({ by }: LaunchTurnAnswer): string {
  return by === null ? ' by somebody else' : ` by ${by}`;
}

function busy(fleet: string, answer: LaunchTurnAnswer): UserError {
  return new UserError({
    code: 'FLEET_BUSY',
    message: `Hosts of ${fleet} are being launched${who(answer)}, and that takes long.`,
    hint: 'Nothing was launched. `replay hosts list` shows what is there; try again when that is done.',
    exitCode: ExitCode.failed,
  });
}
