import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Scene } from '../../e2e/support/scene.ts';

const PIECES = 20;

/**
 * Serves a chain that is (or will be) in a folder of the scene, each snapshot in pieces over so many
 * milliseconds. Returns its base URL.
 */
export async function slowServer(scene: Scene, folder: string, snapshotMs: number): Promise<string> {
  const server = createServer((request, response) => {
    const name = decodeURIComponent(request.url ?? '/').slice(1);
    const path = scene.path(folder, name);
    // Whoever is sent something may be killed meanwhile.
    answer(response, { name, path, isHead: request.method === 'HEAD' }).catch(() => response.destroy());
  });
  async function answer(
    response: ServerResponse,
    { name, path, isHead }: { name: string; path: string; isHead: boolean },
  ): Promise<void> {
    if (!existsSync(path)) return void response.writeHead(404).end();
    if (name.endsWith('/')) return sendIndex(response, readdirSync(path));
    const bytes = await readFile(path);
    response.setHeader('Content-Length', bytes.length);
    if (isHead) return void response.end();
    if (name.startsWith('snapshots/')) await sendSlowly(response, bytes, snapshotMs);
    else response.end(bytes);
  }
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  scene.onEnd(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** As nginx shows a folder. */
function sendIndex(response: ServerResponse, names: readonly string[]): void {
  const links = names.map((name) => `<a href="${name}">${name}</a>`).join('\n');
  response.setHeader('Content-Type', 'text/html');
  response.end(`<html><head><title>Index of /</title></head><body>${links}</body></html>`);
}

async function sendSlowly(response: ServerResponse, bytes: Buffer, ms: number): Promise<void> {
  const start = (piece: number): number => Math.floor((bytes.length * piece) / PIECES);
  for (let piece = 0; piece < PIECES && !response.destroyed; piece += 1) {
    response.write(bytes.subarray(start(piece), start(piece + 1)));
    await sleep(ms / PIECES);
  }
  response.end();
}
