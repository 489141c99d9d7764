import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** WCAG 2.2, A and AA. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Finding {
  id: string;
  impact: string | null;
  help: string;
  nodes: { target: string[]; failureSummary?: string }[];
}

/** What axe finds on a page as it is now, in words; empty: nothing. */
export async function axeFindings(page: Page): Promise<string[]> {
  // Through the debugger: the page's own policy would let no such script in.
  await page.evaluate(axe.source);
  const options = JSON.stringify({ runOnly: { type: 'tag', values: RULES }, resultTypes: ['violations'] });
  const { violations } = await page.evaluate<{ violations: Finding[] }>(`axe.run(document, ${options})`);
  return violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary = '' }) =>
        `${id} (${impact}): ${help}: ${target.join(' ')}: ${failureSummary.replaceAll(/\s+/gu, ' ')}`,
    ),
  );
}
