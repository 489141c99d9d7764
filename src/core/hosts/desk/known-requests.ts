import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../domain/user-error.ts';
import { writeFileAtomically } from '../../files/atomic-file.ts';
import { inTurn } from '../../domain/in-turn.ts';

/** Requests that are remembered: those of many days, as a person asks. */
const MOST = 200;

interface Entry {
  token: string;
  /** What was asked for; the same token is not for something else. */
  wish: string;
  /** null: it has begun, and that is all that is known. */
  outcome: { answer: object } | { error: { code: string; message: string; hint: string | null } } | null;
}

/**
 * What was asked for under which token, on disk from before it is begun: a request whose answer was lost and
 * that comes again is answered as it was, and not done again, also after a restart.
 */
export class KnownRequests {
  readonly #file: string;
  readonly #underWay = new Map<string, { wish: string; done: Promise<object> }>();
  readonly #write = inTurn();
  #entries: Promise<Entry[]> | null = null;

  constructor(folder: string) {
    this.#file = join(folder, 'fleet-requests.json');
  }

  /**
   * Does the work, unless it was done or is being done under this token: then it resolves, or fails, as that.
   * @throws UserError FLEET_TOKEN_USED for a token of another wish, FLEET_REQUEST_IN_DOUBT when it was begun
   * by a process that was killed
   */
  once<Answer extends object>(token: string, wish: string, work: () => Promise<Answer>): Promise<Answer> {
    const known = this.#underWay.get(token);
    if (known) return known.wish === wish ? (known.done as Promise<Answer>) : Promise.reject(otherWish());
    const done = this.#do(token, wish, work).finally(() => this.#underWay.delete(token));
    this.#underWay.set(token, { wish, done });
    return done;
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(Array.from(this.#underWay.values(), ({ done }) => done));
  }

  async #do<Answer extends object>(
    token: string,
    wish: string,
    work: () => Promise<Answer>,
  ): Promise<Answer> {
    const entries = await (this.#entries ??= this.#read());
    const known = entries.find((entry) => entry.token === token);
    if (known) return answerOf(known, wish) as Answer;
    const entry: Entry = { token, wish, outcome: null };
    entries.push(entry);
    entries.splice(0, entries.length - MOST);
    try {
      await this.#save(entries);
    } catch (error) {
      entries.splice(entries.indexOf(entry), 1);
      throw unwritten(error);
    }
    try {
      const answer = await work();
      entry.outcome = { answer };
      return answer;
    } catch (error) {
      const { code, message, hint = null } = error instanceof UserError ? error : defect();
      entry.outcome = { error: { code, message, hint } };
      throw error;
    } finally {
      // What is under way is known without it; after a restart it is in doubt, which is said.
      await this.#save(entries).catch(() => undefined);
    }
  }

  async #read(): Promise<Entry[]> {
    try {
      return JSON.parse(await readFile(this.#file, 'utf8')) as Entry[];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      this.#entries = null;
      throw unwritten(error);
    }
  }

  #save(entries: readonly Entry[]): Promise<void> {
    return this.#write(() =>
      writeFileAtomically(this.#file, `${JSON.stringify(entries)}\n`, { mode: 0o600 }),
    );
  }
}

function answerOf({ wish: asked, outcome }: Entry, wish: string): object {
  if (asked !== wish) throw otherWish();
  if (outcome === null) throw inDoubt();
  if ('answer' in outcome) return outcome.answer;
  const { code, message, hint } = outcome.error;
  throw new UserError({ code, message, ...(hint === null ? {} : { hint }) });
}

function defect(): { code: string; message: string; hint?: string } {
  return {
    code: 'FLEET_REQUEST_FAILED',
    message: 'The request failed; the log of the orchestrator says how.',
  };
}

function otherWish(): UserError {
  return new UserError({
    code: 'FLEET_TOKEN_USED',
    message: 'Something else was asked for under this token.',
    hint: 'Choose a new token for each request.',
  });
}

function inDoubt(): UserError {
  return new UserError({
    code: 'FLEET_REQUEST_IN_DOUBT',
    message: 'The orchestrator was ended while it was at this request: what became of it is not known.',
    hint: 'GET /fleet, or `replay hosts list`, shows the hosts that are there. Ask again under a new token.',
  });
}

function unwritten(error: unknown): UserError {
  return new UserError({
    code: 'STATE_DIR_UNUSABLE',
    message: `What is asked for cannot be written down: ${(error as Error).message}`,
    hint: 'Nothing was launched or stopped. Make room in the data directory.',
    cause: error,
  });
}
