import { effect, signal } from '@preact/signals';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'replay-theme';

/** What the viewer has chosen; `system` is what the browser is set to. */
export const theme = signal<Theme>(stored());

const prefersDark = matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(prefersDark.matches);

/** Whether the page is dark now: what draws for itself needs to know. */
export function isDark(): boolean {
  return theme.value === 'dark' || (theme.value === 'system' && systemIsDark.value);
}

/** Keeps the page in the chosen theme. */
export function applyTheme(): void {
  prefersDark.addEventListener('change', () => {
    systemIsDark.value = prefersDark.matches;
  });
  effect(() => {
    document.documentElement.dataset['theme'] = isDark() ? 'dark' : 'light';
  });
}

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // It holds for as long as the page is open.
  }
}

function stored(): Theme {
  try {
    const text = localStorage.getItem(KEY);
    return THEMES.find((name) => name === text) ?? 'system';
  } catch {
    return 'system';
  }
}
