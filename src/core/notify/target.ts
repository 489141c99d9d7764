import { createHash } from 'node:crypto';
import type { Form } from './message.ts';

/** Where notifications go. Everything but `name` and `key` may be a secret. */
export interface Target {
  /** Without user and password. */
  readonly url: string;
  /** Value of the header; null: none. */
  readonly authorization: string | null;
  readonly form: Form;
  /** Tells targets apart in files: a hash of the URL as it was given. */
  readonly key: string;
  /** For log lines and messages: the host, and the beginning of the hash. */
  readonly name: string;
}

/**
 * Reads a URL as it was given.
 *
 * @param form null: found out from the URL
 * @returns the reason when it cannot be used, without anything secret in it
 */
export function parseTarget(text: string, form: Form | null): Target | string {
  if (!URL.canParse(text)) return 'it is not a URL';
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return 'it begins with neither https:// nor http://';
  }
  const authorization = basicAuthorization(url);
  if (authorization === undefined) return 'its user or password is not readable';
  const key = createHash('sha256').update(url.href).digest('hex').slice(0, 16);
  const name = `${url.host} (${key.slice(0, 6)})`;
  url.username = '';
  url.password = '';
  url.hash = '';
  return { url: url.href, authorization, form: form ?? formFor(url), key, name };
}

/** `https://hooks.example.com/…`: what may be shown of a URL, which may not even be one. */
export function shownUrl(text: string): string {
  const [, shown] = /^([a-z][a-z0-9+.-]*:\/\/)(?:[^/?#]*@)?([^/?#\s@]*)/iu.exec(text) ?? [];
  if (shown === undefined || !URL.canParse(text)) return 'a text that is not a URL';
  const { protocol, host } = new URL(text);
  return host === '' ? `${protocol}…` : `${protocol}//${host}/…`;
}

/** The ids of Mattermost are 26 letters and digits. */
const MATTERMOST_HOOK = /^\/(?:[\w.-]+\/)*hooks\/[a-z0-9]{26}$/u;

/** Slack's, also behind a relay of one's own. */
const SLACK_HOOK = /\/services\/T\w+\/B\w+\/\w+$/u;

/** Slack's own hooks; Discord's and others' that take Slack's form under …/slack; Mattermost's. */
function formFor({ hostname, pathname }: URL): Form {
  const isSlack = hostname === 'hooks.slack.com' || hostname === 'hooks.slack-gov.com';
  const isLike = pathname.endsWith('/slack') || MATTERMOST_HOOK.test(pathname) || SLACK_HOOK.test(pathname);
  return isSlack || isLike ? 'slack' : 'json';
}

/** null: there is no user; undefined: it is no text. */
function basicAuthorization({ username, password }: URL): string | null | undefined {
  if (username === '' && password === '') return null;
  try {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(pair).toString('base64')}`;
  } catch {
    return undefined;
  }
}

/** A text without what it repeats of the target's URL: a server may quote it, or an error of the runtime. */
export function withoutTarget(text: string, { url, authorization }: Target): string {
  const { pathname, search } = new URL(url);
  const parts = [...pathname.split('/'), ...search.slice(1).split(/[&=]/u)].filter(
    (part) => part.length >= 6,
  );
  const secrets = [url, pathname + search, ...parts, ...(authorization === null ? [] : [authorization])];
  const inOrder = secrets.filter((secret) => secret.length > 1).toSorted((a, b) => b.length - a.length);
  return inOrder.reduce((clean, secret) => clean.replaceAll(secret, '[redacted]'), text);
}
