import { chooseTheme, theme, THEMES, type Theme } from './theme.ts';

const NAMES: Record<Theme, string> = { system: 'Auto', light: 'Light', dark: 'Dark' };

export function ThemeChoice() {
  return (
    <label class="theme-choice">
      <span class="visually-hidden">Colours</span>
      <select value={theme.value} onChange={(event) => chooseTheme(event.currentTarget.value as Theme)}>
        {THEMES.map((name) => (
          <option value={name}>{NAMES[name]}</option>
        ))}
      </select>
    </label>
  );
}
