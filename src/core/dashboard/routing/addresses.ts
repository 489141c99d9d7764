/** The address of the page about one job. */
export function jobAddress(jobId: number): string {
  return `/jobs/${jobId}`;
}

/** The address of the page about one host. */
export function hostAddress(workerId: string): string {
  return `/hosts/${encodeURIComponent(workerId)}`;
}

/** The address that leads to the job of a slice. */
export function sliceAddress(sliceId: number): string {
  return `/slices/${sliceId}`;
}

/** Our address for one that other clients use too, and that led a browser here; null: it is ours. */
export function canonical(path: string, query: URLSearchParams): string | null {
  switch (path) {
    case '/summary':
      return '/';
    case '/status':
    case '/config':
      return query.has('sliceid') ? sliceAddress(Number(query.get('sliceid'))) : '/jobs';
    case '/job':
      return query.has('jobid') ? jobAddress(Number(query.get('jobid'))) : '/jobs';
    default:
      return null;
  }
}

/** What the table of jobs can be narrowed to. Each value stands in the address under its name. */
export interface JobFilter {
  /** Several statuses under one name, as `failed`: pages/jobs/filter.ts. */
  state?: string;
  status?: string;
  verdict?: string;
  host?: string;
  cause?: string;
  /** `1000-2000`; one number: the slice that holds the block. */
  blocks?: string;
  /** What is looked for: pages/jobs/search.ts. */
  q?: string;
}

/** The address of the table of jobs, narrowed. */
export function jobsAddress(filter: JobFilter = {}): string {
  const query = new URLSearchParams(Object.entries(filter)).toString();
  return query === '' ? '/jobs' : `/jobs?${query}`;
}
