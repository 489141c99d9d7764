import { effect, signal } from '@preact/signals';
import type { FleetRecord } from '../../protocol/fleet-record.ts';
import { ApiError, getJson, send } from './api.ts';
import { readJson } from './read-json.ts';
import { session } from './store.ts';

/** Between two questions, while a page shows the fleet. The place of the hosts is asked less often. */
const EVERY_MS = 5_000;

/** How often one request is sent again that takes long. Each time the orchestrator keeps it for 20 seconds. */
const MOST_TIMES = 90;

/** Between two tries to hear of what is under way. */
const RETRY_MS = 2_000;

/** The fleet of the orchestrator; null: it has none, or was not asked yet. */
export const fleet = signal<FleetRecord | null>(null);

let followers = 0;
let end: (() => void) | null = null;

/** Asks for the fleet while somebody shows it; returns how to end that. */
export function followFleet(): () => void {
  followers += 1;
  end ??= follow();
  return () => {
    followers -= 1;
    if (followers > 0) return;
    end?.();
    end = null;
  };
}

function follow(): () => void {
  const ask = (): void => {
    if (session.peek()?.fleet !== true || document.hidden) return;
    getJson<FleetRecord>('/fleet').then(
      (record) => (fleet.value = record),
      // It is asked for again; that there is no connection stands at the top of the page.
      () => undefined,
    );
  };
  const timer = setInterval(ask, EVERY_MS);
  document.addEventListener('visibilitychange', ask);
  const dispose = effect(() => {
    if (session.value !== null) ask();
  });
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', ask);
    dispose();
  };
}

/** What would be done. */
export function planFleet<Answer>(path: string, wish: object, signal?: AbortSignal): Promise<Answer> {
  const body = { ...wish, dry_run: true };
  return getJson<Answer>(path, { method: 'POST', body, ...(signal === undefined ? {} : { signal }) });
}

/**
 * Has it done, once, however often it is asked for under this token; waits until it is done.
 * @param onUnderWay it takes long: from here on an answer that is lost is asked for again
 * @throws Error when it takes very long
 */
export async function changeFleet<Answer>(
  path: string,
  wish: object,
  token: string,
  onUnderWay: () => void,
): Promise<Answer> {
  let isUnderWay = false;
  for (let times = 0; times < MOST_TIMES; times += 1) {
    const response = await send(path, { method: 'POST', body: { ...wish, token } }).catch(
      (error: unknown) => {
        if (isUnderWay && !isRefusal(error)) return null;
        throw error;
      },
    );
    if (response?.status === 200) return readJson(await response.text()) as Answer;
    isUnderWay = true;
    onUnderWay();
    if (response === null) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  throw new Error('It is still under way. The page Hosts shows what comes of it.');
}

/** The orchestrator has said what became of it. */
function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && error.code !== null && error.status !== 503;
}

/** Names one request. Not a UUID: browsers make none for pages without https. */
export function newToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
