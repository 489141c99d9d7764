import type { Route } from '../http/app.ts';
import { PAGE } from '../http/reply.ts';
import type { Assets } from './assets.ts';
import { getAsset } from './send-asset.ts';

/**
 * The addresses of pages that nothing else is served at. `/jobs`, `/hosts`, `/runs` and `/runs/compare`
 * are read by programs too: see orPage.
 */
const PAGES = ['/', '/jobs/:id', '/slices/:id', '/hosts/:id', '/control'];

/** The pages of the dashboard, and what they load. */
export function dashboardRoutes(assets: Assets): Route[] {
  return [
    ...PAGES.map((path): Route => ({ path, GET: async () => PAGE })),
    { path: '/assets/:name', GET: async (request) => getAsset(request, assets) },
  ];
}
