import { effect } from '@preact/signals';
import { summary } from '../data/store.ts';
import { shareText } from '../parts/share.ts';
import { path } from '../routing/router.ts';
import { pageAt } from './pages.tsx';

/** The tab tells how the run stands, also among other tabs: `42 % · 3 failed · Jobs · replay`. */
export function keepTitle(): void {
  effect(() => {
    const found = pageAt(path.value);
    const page = found === null ? 'Not there' : `${found.page.title} ${found.id}`.trim();
    const now = summary.value;
    const parts = now === null ? [] : [shareText(now)];
    if (now !== null && now.jobs_failed > 0) parts.push(`${now.jobs_failed} failed`);
    document.title = [...parts, page, 'replay'].join(' · ');
  });
}
