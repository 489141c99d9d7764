import { formatUtc } from '../domain/time.ts';
import type { Fetch } from '../protocol/client-http.ts';
import { messageOf, type Form } from './message.ts';
import type { Notification } from './notification.ts';
import { send } from './send.ts';
import type { Target } from './target.ts';

/** What a target said to a test. */
export interface TestSent {
  /** Its host and a short hash of its URL. */
  target: string;
  form: Form;
  delivered: boolean;
  answer: string;
}

interface TestOptions {
  source: string;
  /** Of no other test. */
  id: string;
  userAgent: string;
  fetch?: Fetch;
  now?: () => Date;
}

/** Sends a notification of the kind `test`, once. */
export async function sendTest(target: Target, options: TestOptions): Promise<TestSent> {
  const { source, id, userAgent, fetch = globalThis.fetch, now = () => new Date() } = options;
  const test: Notification = {
    id: `test/${id}`,
    kind: 'test',
    at: formatUtc(now()),
    source,
    run_id: 0,
    stand_in: false,
    text: 'A test of the notifications of replay. Nothing has happened.',
    url: null,
    job: null,
    host: null,
    summary: null,
  };
  const { result, what } = await send(target, messageOf([test]), { fetch, now, userAgent });
  return { target: target.name, form: target.form, delivered: result === 'delivered', answer: what };
}
