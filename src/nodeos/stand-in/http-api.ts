import { type Server, type Socket, createServer } from 'node:net';
import { type Api, apiUrls } from './api-urls.ts';
import { type Run, chainOf, currentHash, fault } from './run.ts';

interface Answer {
  readonly status: '200 OK' | '201 Created' | '404 Not Found';
  readonly body: string;
}

/**
 * The HTTP interface. It is written by hand because nodeos sends exactly three headers, in an order that
 * depends on the answer, which the HTTP servers of the runtimes do not leave alone.
 */
export function createApiServer(run: Run, apis: readonly Api[]): Server {
  const known = new Set(apis.flatMap((api) => apiUrls(api, run.form.product).map(({ path }) => path)));
  return createServer((socket) => serve(socket, (path) => answer(run, known, path), run.form.version));
}

/** Answers the requests of one connection, one after the other. */
function serve(socket: Socket, answerPath: (path: string) => Promise<Answer>, version: string): void {
  let pending: Buffer = Buffer.alloc(0);
  let queue = Promise.resolve();
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    for (let request = takeRequest(pending); request !== null; request = takeRequest(pending)) {
      pending = pending.subarray(request.length);
      const { path, keepAlive } = request;
      queue = queue.then(async () => {
        const response = await answerPath(path);
        socket.write(render(response, version));
        if (!keepAlive) socket.end();
      });
    }
  });
}

interface Request {
  readonly path: string;
  readonly keepAlive: boolean;
  /** Bytes that it takes up, body included. */
  readonly length: number;
}

function takeRequest(bytes: Buffer): Request | null {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const [first = '', ...headers] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const find = (name: string): string | undefined =>
    headers
      .find((line) => line.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  const length = headEnd + 4 + Number(find('content-length') ?? '0');
  if (bytes.length < length) return null;
  const [, target = '/', protocol = ''] = first.split(' ');
  const connection = find('connection')?.toLowerCase();
  const keepAlive = protocol === 'HTTP/1.1' ? connection !== 'close' : connection === 'keep-alive';
  return { path: target.replace(/\?.*$/, ''), keepAlive, length };
}

/** Errors name the content type before the server, answers the other way round. */
function render({ status, body }: Answer, version: string): string {
  const server = `Server: nodeos/${version}`;
  const type = 'Content-Type: application/json';
  const [first, second] = status.startsWith('4') ? [type, server] : [server, type];
  return `HTTP/1.1 ${status}\r\n${first}\r\n${second}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

async function answer(run: Run, known: ReadonlySet<string>, path: string): Promise<Answer> {
  if (path === '/v1/node/get_supported_apis') {
    return { status: '200 OK', body: JSON.stringify({ apis: [...known].toSorted() }) };
  }
  if (path === '/v1/chain/get_info' && known.has(path)) return { status: '200 OK', body: getInfo(run) };
  if (path === '/v1/producer/get_integrity_hash' && known.has(path)) {
    const body = { head_block_id: shownHead(run).id, integrity_hash: await currentHash(run) };
    return { status: '201 Created', body: JSON.stringify(body) };
  }
  return { status: '404 Not Found', body: JSON.stringify(UNKNOWN_ENDPOINT) };
}

const UNKNOWN_ENDPOINT = {
  code: 404,
  message: 'Not Found',
  error: {
    code: 0,
    name: 'exception',
    what: 'unspecified',
    details: [
      {
        message: 'Unknown Endpoint',
        file: 'beast_http_session.hpp',
        line_number: 186,
        method: 'handle_request',
      },
    ],
  },
};

/** The head as the answers show it; one block too low when that fault was asked for. */
function shownHead(run: Run): { block: number; id: string } {
  const { block, id } = chainOf(run).head;
  if (fault(run, 'http-wrong-head') === null) return { block, id };
  const number = (block - 1).toString(16).padStart(8, '0');
  return { block: block - 1, id: number + id.slice(8) };
}

function getInfo(run: Run): string {
  const { head, chainId } = chainOf(run);
  const { block, id } = shownHead(run);
  return JSON.stringify({
    server_version: '00000000',
    chain_id: chainId,
    head_block_num: block,
    last_irreversible_block_num: block,
    last_irreversible_block_id: id,
    head_block_id: id,
    head_block_time: head.time,
    head_block_producer: head.producer,
    virtual_block_cpu_limit: 1480517,
    virtual_block_net_limit: 7775887,
    block_cpu_limit: 200000,
    block_net_limit: 1048576,
    server_version_string: run.form.version,
    fork_db_head_block_num: block,
    fork_db_head_block_id: id,
    server_full_version_string: run.form.fullVersion,
    total_cpu_weight: 0,
    total_net_weight: 0,
    earliest_available_block_num: run.blockLog.range?.first ?? block + 1,
    last_irreversible_block_time: head.time,
  });
}
