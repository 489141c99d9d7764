import { Agent, request } from 'node:http';

export interface Answer {
  status: number;
  etag: string;
  /** Bytes of the body; only what was asked to be kept is kept. */
  length: number;
  text: string;
}

export interface Client {
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: object, headers?: Record<string, string>): Promise<Answer>;
  postText(path: string, body: string, headers?: Record<string, string>): Promise<Answer>;
  close(): void;
}

/** One connection that is kept, as a worker has. */
export function connect(url: string): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const send = (method: string, path: string, headers: Record<string, string>, body?: string) =>
    new Promise<Answer>((resolve, reject) => {
      const outgoing = request(url + path, { method, agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          const whole = Buffer.concat(chunks);
          const { statusCode: status = 0, headers: received } = response;
          const text = whole.length < 100_000 ? whole.toString() : '';
          resolve({ status, etag: received.etag ?? '', length: whole.length, text });
        });
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  const postText = (path: string, text: string, headers: Record<string, string> = {}) =>
    send('POST', path, { ...headers, 'Content-Length': String(Buffer.byteLength(text)) }, text);
  return {
    get: (path, headers = {}) => send('GET', path, headers),
    post: (path, body, headers) => postText(path, JSON.stringify(body), headers),
    postText,
    close: () => agent.destroy(),
  };
}
