import { effect, signal } from '@preact/signals';
import type { FleetRecord } from '../../protocol/fleet-record.ts';
import { getJson, send } from './api.ts';
import { session } from './store.ts';

/** Between two questions, while a page shows the fleet. The place of the hosts is asked less often. */
const EVERY_MS = 5_000;

/** How often one request is sent again that takes long. */
const MOST_TIMES = 30;

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
  const dispose = effect(() => {
    if (session.value !== null) ask();
  });
  return () => {
    clearInterval(timer);
    dispose();
  };
}

/** What would be done. */
export function planFleet<Answer>(path: string, wish: object, signal: AbortSignal): Promise<Answer> {
  return getJson<Answer>(path, { method: 'POST', body: { ...wish, dry_run: true }, signal });
}

/**
 * Has it done, once, however often it is asked for under this token; waits until it is done.
 * @throws Error when it takes very long
 */
export async function changeFleet<Answer>(path: string, wish: object, token: string): Promise<Answer> {
  for (let times = 0; times < MOST_TIMES; times += 1) {
    const response = await send(path, { method: 'POST', body: { ...wish, token } });
    if (response.status === 200) return (await response.json()) as Answer;
  }
  throw new Error('It is still under way. The page Hosts shows what comes of it.');
}

/** Names one request. Not a UUID: browsers make none for pages without https. */
export function newToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
