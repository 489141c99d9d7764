import { createHash } from 'node:crypto';
import { shortened } from './harmless.ts';
import type { Kind, Notification } from './notification.ts';

/** The forms in which a target can be told. */
export const FORMS = ['json', 'slack'] as const;
export type Form = (typeof FORMS)[number];

/** What is sent in one request. */
export interface Message {
  /** That of the notification; of several, one that follows from all of theirs. */
  readonly id: string;
  readonly notifications: readonly Notification[];
}

export function messageOf(notifications: readonly Notification[]): Message {
  const [first, ...others] = notifications;
  if (first !== undefined && others.length === 0) return { id: first.id, notifications };
  const all = createHash('sha256').update(notifications.map(({ id }) => id).join('\n'));
  return { id: `several/${all.digest('hex').slice(0, 32)}`, notifications };
}

/** The body of the request. */
export function bodyOf(message: Message, form: Form): string {
  return form === 'slack' ? slackBody(message) : jsonBody(message);
}

function jsonBody({ id, notifications }: Message): string {
  return JSON.stringify({ version: 1, id, notifications });
}

/** Slack cuts off what is longer than 4,000 characters; Discord refuses more than 2,000. */
const MAX_SLACK = 1900;
const MAX_SLACK_LINE = 700;

/** What counts most comes first where not all finds room. */
const IMPORTANCE: readonly Kind[] = [
  'test',
  'run-ended',
  'mismatch',
  'mismatch-unconfirmed',
  'mismatch-withdrawn',
  'no-host-at-work',
  'hosts-back',
  'job-failed',
  'host-set-aside',
];

function slackBody({ notifications }: Message): string {
  const text =
    notifications.length === 1 ? notifications.map(slackLine).join('') : severalLines(notifications);
  // A link to an orchestrator behind a firewall has no preview.
  return JSON.stringify({ text, unfurl_links: false, unfurl_media: false });
}

function severalLines(notifications: readonly Notification[]): string {
  const inOrder = notifications.toSorted((a, b) => IMPORTANCE.indexOf(a.kind) - IMPORTANCE.indexOf(b.kind));
  const counts = [...Map.groupBy(inOrder, ({ kind }) => kind)].map(([kind, of]) => `${of.length} ${kind}`);
  const lines = [`${notifications.length} notifications: ${counts.join(', ')}`];
  let room = MAX_SLACK - lines[0]!.length - '\n• and 100 more'.length;
  for (const [at, told] of inOrder.entries()) {
    const line = `• ${slackLine(told)}`;
    room -= line.length + 1;
    if (room < 0) return [...lines, `• and ${inOrder.length - at} more`].join('\n');
    lines.push(line);
  }
  return lines.join('\n');
}

function slackLine({ source, text, url }: Notification): string {
  const line = fitting(`[${source}] ${text}`, MAX_SLACK_LINE);
  return url === null ? line : `${line} <${escapeMarks(url)}|details>`;
}

/** Escaping makes text longer, and must not be cut in the middle. */
function fitting(text: string, longest: number): string {
  let plain = shortened(text, longest);
  while (escapeSlack(plain).length > longest) plain = shortened(plain, Math.floor(plain.length * 0.8));
  return escapeSlack(plain);
}

/**
 * Text that means nothing but itself. Mattermost and Discord would call everybody at an `@all`, `@here` or
 * `@everyone`; an invisible space takes that away.
 */
function escapeSlack(text: string): string {
  return escapeMarks(text).replaceAll('@', '@\u200b');
}

/** As Slack asks for it: https://api.slack.com/reference/surfaces/formatting#escaping */
function escapeMarks(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
