import { signal, type ReadonlySignal } from '@preact/signals';

const isNewer = signal(false);

/** The orchestrator was replaced by one that has another page than this one. */
export const isPageOld: ReadonlySignal<boolean> = isNewer;

/**
 * Whether the orchestrator would send another page now. The name of its script changes with what is in it; that of the
 * version does not with every build.
 */
export async function lookForNewerPage(): Promise<void> {
  const script = document.querySelector('script[src]')?.getAttribute('src');
  if (script === undefined || script === null) return;
  try {
    const response = await fetch('/', { headers: { Accept: 'text/html' }, redirect: 'error' });
    const text = response.ok ? await response.text() : '';
    // What is no page of ours says nothing.
    isNewer.value = text.includes('<script') && !text.includes(script);
  } catch {
    // It is looked for again with the next orchestrator.
  }
}
