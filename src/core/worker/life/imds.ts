/** Set by tests and by containers that reach the service elsewhere; the AWS tools know the same variable. */
const ENDPOINT_VARIABLE = 'AWS_EC2_METADATA_SERVICE_ENDPOINT';
const ENDPOINT = 'http://169.254.169.254';
/** Of a session's token, in seconds: six hours are the most. */
const TOKEN_SECONDS = 21_600;
/** It answers from the same machine. Milliseconds. */
const TIMEOUT_MS = 2000;
/** What is read here is short. Characters. */
const MAX_LENGTH = 4096;

/** It is of this machine: Bun's fetch would ask the proxy of HTTP_PROXY, which is of another. Node knows no such option. */
const DIRECT = { proxy: false } as RequestInit;

/** Where the instance metadata service is, and whether to ask it at all (`AWS_EC2_METADATA_DISABLED`). */
export function imdsEndpoint(env: NodeJS.ProcessEnv): string | null {
  if (env['AWS_EC2_METADATA_DISABLED']?.toLowerCase() === 'true') return null;
  return (env[ENDPOINT_VARIABLE] || ENDPOINT).replace(/\/+$/, '');
}

/**
 * The instance metadata service of EC2 in its second version, which asks for a session first (docs of AWS:
 * "Use the Instance Metadata Service to access instance metadata").
 */
export class InstanceMetadata {
  readonly #endpoint: string;
  readonly #fetch: typeof fetch;
  #token: string | null = null;

  constructor(endpoint: string, fetcher: typeof fetch = fetch) {
    this.#endpoint = endpoint;
    this.#fetch = fetcher;
  }

  /**
   * One item, such as `spot/instance-action`; null when there is none (404).
   * @throws Error when the service cannot be asked
   */
  async get(item: string, signal?: AbortSignal): Promise<string | null> {
    const answer = await this.#ask(item, signal);
    // The session is over, or the service was restarted.
    if (answer.status !== 401) return this.#textOf(item, answer);
    this.#token = null;
    return this.#textOf(item, await this.#ask(item, signal));
  }

  async #ask(item: string, signal?: AbortSignal): Promise<Response> {
    this.#token ??= await this.#session(signal);
    return this.#request(`/latest/meta-data/${item}`, {
      headers: { 'X-aws-ec2-metadata-token': this.#token },
      ...(signal ? { signal } : {}),
    });
  }

  async #session(signal?: AbortSignal): Promise<string> {
    const answer = await this.#request('/latest/api/token', {
      method: 'PUT',
      headers: { 'X-aws-ec2-metadata-token-ttl-seconds': String(TOKEN_SECONDS) },
      ...(signal ? { signal } : {}),
    });
    const token = (await shortText(answer, 'a session')).trim();
    if (answer.ok && /^[\x21-\x7e]{1,512}$/.test(token)) return token;
    throw new Error(`the instance metadata service gives no session (${answer.status})`);
  }

  #request(path: string, init: RequestInit): Promise<Response> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    return this.#fetch(this.#endpoint + path, { ...init, ...DIRECT, redirect: 'manual', signal });
  }

  async #textOf(item: string, answer: Response): Promise<string | null> {
    const text = await shortText(answer, item);
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw new Error(`the instance metadata service answers ${answer.status}`);
    // A proxy's page for everything would end every host at its start.
    if (text.trimStart().startsWith('<'))
      throw new Error('a page answers, and not the instance metadata service');
    return text.trim();
  }
}

/** Reads no more than the service could have to say: something else may answer in its place. */
async function shortText(answer: Response, what: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > MAX_LENGTH)
      throw new Error(`what the instance metadata service says of ${what} is too long`);
  }
  return text;
}
