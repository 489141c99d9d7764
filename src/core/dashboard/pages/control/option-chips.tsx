import { useSignal } from '@preact/signals';
import { OPTION_WORDS } from '../../../../nodeos/options/option-words.ts';
import { ALLOWED_OPTIONS } from '../../../../nodeos/options/options-table.ts';
import { OptionValue } from './option-value.tsx';

interface OptionChipsProps {
  /** As nodeos takes them: `--name=value`. */
  options: readonly string[];
  onChange: (options: readonly string[]) => void;
}

/** Options of nodeos that are added to those of every slice. */
export function OptionChips({ options, onChange }: OptionChipsProps) {
  const name = useSignal('');
  const value = useSignal('');
  const taken = new Set(options.map((option) => option.slice(2).split('=')[0]));
  const rule = ALLOWED_OPTIONS.get(name.value)?.rule ?? null;
  const add = (): void => {
    if (rule === null || (rule.kind !== 'flag' && value.value === '')) return;
    onChange([...options, rule.kind === 'flag' ? `--${name.value}` : `--${name.value}=${value.value}`]);
    name.value = '';
    value.value = '';
  };
  return (
    <fieldset class="options">
      <legend>More options of nodeos, for every slice</legend>
      {options.length > 0 && (
        <ul class="option-chips">
          {options.map((option) => (
            <li key={option}>
              <code>{option}</code>
              <button
                type="button"
                aria-label={`Take ${option} out`}
                onClick={() => onChange(options.filter((other) => other !== option))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="option-new">
        <select
          aria-label="Option"
          value={name.value}
          onChange={(event) => {
            name.value = event.currentTarget.value;
            value.value = '';
          }}
        >
          <option value="">Choose an option…</option>
          {[...ALLOWED_OPTIONS.keys()].map((known) => (
            <option key={known} value={known} disabled={taken.has(known)}>
              {known}
            </option>
          ))}
        </select>
        {rule !== null && <OptionValue rule={rule} value={value} onEnter={add} />}
        <button type="button" disabled={rule === null} onClick={add}>
          Add
        </button>
      </div>
      <p class="option-words" role="status">
        {OPTION_WORDS[name.value] ?? ''}
      </p>
    </fieldset>
  );
}
