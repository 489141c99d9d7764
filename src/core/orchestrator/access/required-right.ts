import type { Right } from './rights.ts';

/** What a path asks for, for GET (and HEAD) and POST. null: nothing. */
type Needed = Right | null | ((query: URLSearchParams) => Right);

const TABLE: Record<string, { GET?: Needed; POST?: Needed }> = {
  '/healthcheck': { GET: null },
  '/signin': { GET: null, POST: null },
  '/signout': { POST: null },
  '/status': { GET: 'read' },
  '/summary': { GET: 'read' },
  '/events': { GET: 'read' },
  '/runs': { GET: 'read' },
  '/runs/compare': { GET: 'read' },
  '/report': { GET: 'read' },
  '/history': { GET: 'read' },
  '/metrics': { GET: 'read' },
  '/openapi.json': { GET: 'read' },
  // To be offered a job keeps it from others for a while. Another run of a job needs more: see another-run.ts.
  '/job': { GET: (query) => (query.has('jobid') ? 'read' : 'work'), POST: 'work' },
  '/job/rates': { GET: 'read' },
  '/job/log': { GET: 'read', POST: 'work' },
  '/job/evidence': { GET: 'read', POST: 'work' },
  '/job/evidence.tar.zst': { GET: 'read' },
  '/config': { GET: 'read', POST: 'work' },
  '/replay': { GET: 'work' },
  '/join': { POST: 'work' },
  '/tokens/join': { POST: 'admin' },
  '/host/selfcheck': { POST: 'work' },
  '/host/clear': { POST: 'admin' },
  '/host/report': { POST: 'work' },
  '/hosts': { GET: 'read' },
  '/hosts/dismiss': { POST: 'admin' },
  '/forecast': { GET: 'read' },
  '/fleet': { GET: 'read' },
  '/fleet/turn': { POST: 'admin' },
  '/fleet/up': { POST: 'admin' },
  '/fleet/down': { POST: 'admin' },
  '/session': { GET: 'read' },
  // The dashboard. What it loads is the same for everybody, and says nothing of the run.
  '/': { GET: 'read' },
  '/jobs': { GET: 'read' },
  '/jobs/:id': { GET: 'read' },
  '/hosts/:id': { GET: 'read' },
  '/slices/:id': { GET: 'read' },
  '/control': { GET: 'read' },
  '/assets/:name': { GET: null },
  '/jobs/retry': { POST: 'admin' },
  '/run': { POST: 'admin' },
  '/manifest/check': { POST: 'admin' },
  '/run/pause': { POST: 'admin' },
  '/run/resume': { POST: 'admin' },
  // Everything that is not there; to know even that, a caller has to be somebody.
  '*': { GET: 'read', POST: 'read' },
};

/**
 * The right that a request needs; null when it needs none. A path that nobody has thought of here is
 * for those who may do everything.
 */
export function requiredRight(path: string, method: string, query: URLSearchParams): Right | null {
  const row = TABLE[path];
  if (!row) return 'admin';
  const needed = method === 'GET' || method === 'HEAD' ? row.GET : method === 'POST' ? row.POST : undefined;
  if (needed === undefined) return isOpen(row) ? null : 'read';
  return typeof needed === 'function' ? needed(query) : needed;
}

/** What a host may do with a join token, before it has one of its own. */
export function isForJoining(method: string, path: string): boolean {
  return path === '/join' ? method === 'POST' : path === '/replay' && (method === 'GET' || method === 'HEAD');
}

/** A method that the path does not know is refused anyway; who may hear so follows the path's others. */
function isOpen({ GET, POST }: { GET?: Needed; POST?: Needed }): boolean {
  return GET === null || POST === null;
}
