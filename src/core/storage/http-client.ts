import http from 'node:http';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import { describeLocation, withoutSecrets } from './location.ts';
import type { HttpLocation } from './location.ts';
import { SourceError, kindOfStatus } from './source-error.ts';

const MAX_REDIRECTS = 5;

export interface HttpReply {
  readonly status: number;
  readonly response: IncomingMessage;
  /** Where the answer came from in the end, after redirects. */
  readonly url: string;
}

export interface HttpClient {
  /**
   * Sends one request, follows redirects, and gives the answer when its header has arrived.
   *
   * @param allowed Statuses besides 200 and 206 that are an answer and not an error.
   * @throws {SourceError}
   */
  request(
    method: 'GET' | 'HEAD',
    location: HttpLocation,
    headers: Record<string, string>,
    signal: AbortSignal,
    allowed?: readonly number[],
  ): Promise<HttpReply>;
  close(): void;
}

/**
 * A client on node:http and not on fetch: fetch undoes a Content-Encoding without being asked, which
 * makes lengths and ranges meaningless, and its own time-outs cannot be switched off in the same way everywhere.
 */
export function createHttpClient(): HttpClient {
  const agents = {
    'http:': new http.Agent({ keepAlive: true }),
    'https:': new https.Agent({ keepAlive: true }),
  };

  async function request(
    method: 'GET' | 'HEAD',
    location: HttpLocation,
    headers: Record<string, string>,
    signal: AbortSignal,
    allowed: readonly number[] = [],
  ): Promise<HttpReply> {
    let url = new URL(location.url);
    let authorization = basicAuthorization(url);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const all = { ...headers, ...authorization, 'accept-encoding': 'identity' };
      const response = await send(agents, method, url, all, signal);
      const status = response.statusCode ?? 0;
      const next = redirectTarget(response, url);
      if (next === null) {
        if (status === 200 || status === 206 || allowed.includes(status))
          return { status, response, url: url.href };
        drop(response);
        throw statusError(location, status);
      }
      drop(response);
      // A password is for the server it was written for, not for wherever that one points.
      if (next.origin !== url.origin) authorization = basicAuthorization(next);
      url = next;
    }
    throw new SourceError('refused', `${describeLocation(location)}: more than ${MAX_REDIRECTS} redirects`);
  }

  return { request, close: () => Object.values(agents).forEach((agent) => agent.destroy()) };
}

function send(
  agents: Record<'http:' | 'https:', http.Agent>,
  method: string,
  url: URL,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const secure = url.protocol === 'https:';
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  return new Promise((resolve, reject) => {
    const agent = agents[secure ? 'https:' : 'http:'];
    const request = (secure ? https : http).request(plain, { method, headers, signal, agent });
    // It stays for the life of the connection: an error after the answer began shows on the answer.
    request.on('error', (error) => reject(connectionError(url, error)));
    request.on('response', (response) => {
      // Nobody may be reading when it breaks off; whoever reads gets the error from the stream.
      response.on('error', () => undefined);
      resolve(response);
    });
    request.end();
  });
}

function redirectTarget(response: IncomingMessage, from: URL): URL | null {
  const target = response.headers.location;
  if (![301, 302, 303, 307, 308].includes(response.statusCode ?? 0) || target === undefined) return null;
  const url = URL.canParse(target, from.href) ? new URL(target, from) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    drop(response);
    throw new SourceError(
      'refused',
      `${withoutSecrets(from.href)} redirects to "${withoutSecrets(target)}", which is neither http nor https`,
    );
  }
  return url;
}

function basicAuthorization(url: URL): Record<string, string> {
  if (url.username === '' && url.password === '') return {};
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** Ends a response that nobody reads to its end. The connection is closed: the rest may be gigabytes. */
export function drop(response: IncomingMessage): void {
  response.destroy();
}

function statusError(location: HttpLocation, status: number): SourceError {
  const place = describeLocation(location);
  const kind = status === 301 ? 'refused' : kindOfStatus(status);
  switch (kind) {
    case 'not-found':
      return new SourceError(kind, `There is nothing at ${place} (HTTP ${status})`);
    case 'forbidden':
      return new SourceError(kind, `${place} may not be read (HTTP ${status})`, {
        hint: 'Check the user name and password or the signature in the URL; a pre-signed URL expires.',
      });
    case 'changed':
      return new SourceError(kind, `${place} was changed while it was being fetched (HTTP ${status})`);
    case 'busy':
      return new SourceError(kind, `The server of ${place} answers HTTP ${status}`);
    case 'refused':
    case 'connection':
    case 'no-credentials':
    case 'wrong-region':
    case 'not-a-file':
      return new SourceError(kind, `The server of ${place} refuses with HTTP ${status}`);
  }
}

/** Certificate errors do not go away by asking again; their codes come from OpenSSL through node:tls. */
const CERTIFICATE_CODE = /CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)|ERR_TLS|ERR_SSL/;

function connectionError(url: URL, error: Error): SourceError {
  const code = 'code' in error ? String(error.code) : '';
  const message = `Cannot reach ${url.host}: ${error.message || code}`;
  if (CERTIFICATE_CODE.test(code)) {
    return new SourceError('refused', message, {
      hint: 'The certificate of the server is not accepted; NODE_EXTRA_CA_CERTS names a file with a private authority.',
      cause: error,
    });
  }
  return new SourceError('connection', message, { cause: error });
}
