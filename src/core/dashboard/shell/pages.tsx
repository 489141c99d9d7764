import type { ComponentChildren, ComponentType } from 'preact';
import { useErrorBoundary } from 'preact/hooks';
import { ControlPage } from '../pages/control/page.tsx';
import { HostPage, HostsPage } from '../pages/hosts/page.tsx';
import { JobPage } from '../pages/job/page.tsx';
import { JobsPage } from '../pages/jobs/page.tsx';
import { NotThere } from '../pages/not-there.tsx';
import { ProgressPage } from '../pages/progress/page.tsx';
import { ComparePage } from '../pages/runs/compare-page.tsx';
import { RunsPage } from '../pages/runs/page.tsx';
import { SlicePage } from '../pages/slice.tsx';
import { path } from '../routing/router.ts';

export interface PageProps {
  /** What stands in the address in the place of `:id`, decoded; '' without one. */
  id: string;
}

interface PageEntry {
  /** As in `/jobs/:id`. The orchestrator has to know it too: orchestrator/dashboard/routes.ts. */
  path: string;
  /** Of the browser's tab. */
  title: string;
  component: ComponentType<PageProps>;
  /** In the navigation, in this order; absent: not there. */
  nav?: string;
}

/** All pages. A new one is a line here and a component. */
export const PAGES: readonly PageEntry[] = [
  { path: '/', title: 'Progress', component: ProgressPage, nav: 'Progress' },
  { path: '/jobs', title: 'Jobs', component: JobsPage, nav: 'Jobs' },
  { path: '/jobs/:id', title: 'Job', component: JobPage },
  { path: '/hosts', title: 'Hosts', component: HostsPage, nav: 'Hosts' },
  { path: '/hosts/:id', title: 'Host', component: HostPage },
  { path: '/runs', title: 'Runs', component: RunsPage, nav: 'Runs' },
  { path: '/runs/compare', title: 'Comparison', component: ComparePage },
  { path: '/control', title: 'Control', component: ControlPage, nav: 'Control' },
  { path: '/slices/:id', title: 'Slice', component: SlicePage },
];

/** The page that belongs to an address, with what stands in the place of its `:id`. */
export function pageAt(address: string): { page: PageEntry; id: string } | null {
  for (const page of PAGES) {
    if (page.path === address) return { page, id: '' };
    const prefix = page.path.endsWith('/:id') ? page.path.slice(0, -3) : null;
    const rest = prefix !== null && address.startsWith(prefix) ? address.slice(prefix.length) : '';
    if (rest !== '' && !rest.includes('/')) return { page, id: decoded(rest) };
  }
  return null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function CurrentPage() {
  const found = pageAt(path.value);
  if (found === null) return <NotThere />;
  const { page, id } = found;
  const Page = page.component;
  return (
    <Guard key={path.value}>
      <Page id={id} />
    </Guard>
  );
}

/** A page that fails takes nothing else with it: header, navigation and lost connection stay. */
function Guard({ children }: { children: ComponentChildren }) {
  const [error] = useErrorBoundary();
  if (error === undefined) return <>{children}</>;
  return (
    <section class="problem" role="alert">
      <h1>This page cannot show what the orchestrator told it</h1>
      <p>The orchestrator may be of another version. What was done is done.</p>
      <p class="mono">{error instanceof Error ? error.message : String(error)}</p>
      <p>
        <button type="button" onClick={() => location.reload()}>
          Load anew
        </button>
      </p>
    </section>
  );
}
