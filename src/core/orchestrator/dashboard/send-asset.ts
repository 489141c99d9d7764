import { HttpError, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { accepts } from '../http/accepts.ts';
import { STYLESHEET } from '../pages/html.ts';
import type { Asset, Assets } from './assets.ts';

/**
 * Everything comes from the orchestrator itself, and nothing that a page might be made to contain runs:
 * scripts and styles are files of ours.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page of the dashboard; which one it is, the browser tells by the address. */
export function pageReply(request: ApiRequest, assets: Assets): Reply {
  const page = assets.get('index.html');
  if (page === undefined) throw notBuilt();
  return assetReply(request, page, {
    // A newer orchestrator brings a newer page: it is asked for each time, and answered in short.
    'Cache-Control': 'no-cache',
    'Content-Security-Policy': POLICY,
    Vary: 'Accept, Accept-Encoding',
  });
}

/** GET /assets/NAME. The names of the files change with their content. */
export async function getAsset(request: ApiRequest, assets: Assets): Promise<Reply> {
  const name = /^\/assets\/([\w.-]+)(?:\?|$)/.exec(request.target)?.[1] ?? '';
  if (request.target.startsWith(STYLESHEET)) return styleReply(request, assets);
  const asset = assets.get(name);
  if (asset === undefined || name === 'index.html') {
    throw new HttpError(404, 'Not found', { code: 'ASSET_NOT_FOUND' });
  }
  return assetReply(request, asset, {
    'Cache-Control': 'public, max-age=31536000, immutable',
    Vary: 'Accept-Encoding',
  });
}

/** The style under the name by which pages without scripts know it. */
function styleReply(request: ApiRequest, assets: Assets): Reply {
  const [, style] = [...assets].find(([name]) => name.endsWith('.css')) ?? [];
  if (style === undefined) throw new HttpError(404, 'Not found', { code: 'ASSET_NOT_FOUND' });
  return assetReply(request, style, { 'Cache-Control': 'no-cache', Vary: 'Accept-Encoding' });
}

function assetReply(request: ApiRequest, asset: Asset, more: Record<string, string>): Reply {
  const headers = { ...more, ETag: asset.etag };
  if (request.header('if-none-match')?.includes(asset.etag)) return { status: 304, headers };
  const { type } = asset;
  const accepted = request.header('accept-encoding');
  for (const [coding, body] of [['br', asset.br] as const, ['gzip', asset.gzip] as const]) {
    if (body !== undefined && accepts(accepted, coding)) {
      return { status: 200, type, body, headers: { ...headers, 'Content-Encoding': coding } };
    }
  }
  return { status: 200, type, body: asset.plain, headers };
}

function notBuilt(): HttpError {
  return new HttpError(503, 'The dashboard was not built into this program', {
    code: 'DASHBOARD_NOT_BUILT',
    hint: 'In a source tree: npm run build.',
  });
}
