import type { Signal } from '@preact/signals';
import type { ValueRule } from '../../../../nodeos/options/options-table.ts';

interface OptionValueProps {
  rule: ValueRule;
  value: Signal<string>;
  onEnter: () => void;
}

/** Where the value of an option is chosen or written; a switch has none. */
export function OptionValue({ rule, value, onEnter }: OptionValueProps) {
  const take = (event: { currentTarget: { value: string } }): void => {
    value.value = event.currentTarget.value;
  };
  switch (rule.kind) {
    case 'flag':
      return null;
    case 'choice':
      return (
        <select aria-label="Value" value={value.value} onChange={take}>
          <option value="">Choose a value…</option>
          {rule.values.map((known) => (
            <option key={known}>{known}</option>
          ))}
        </select>
      );
    case 'integer':
      return (
        <input
          type="number"
          aria-label={`Value, ${rule.min} to ${rule.max}`}
          placeholder={`${rule.min} to ${rule.max}`}
          min={rule.min}
          max={rule.max}
          value={value.value}
          onInput={take}
          onKeyDown={(event) => {
            if (event.key === 'Enter') onEnter();
          }}
        />
      );
  }
}
