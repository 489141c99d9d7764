import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { formatCount } from '../../../format/count.ts';
import type { JobRow } from '../../../protocol/job-row.ts';
import { STATUS_NAMES, VERDICT_NAMES } from '../../data/words.ts';
import { query, setQuery } from '../../routing/router.ts';
import { clearFilter } from './ask.ts';
import { COLUMN_IDS, columnOf, nextOrder, orderText, type ColumnId, type Order } from './columns.ts';
import { NONE, STATES, type Filter } from './filter.ts';

interface FiltersProps {
  all: readonly JobRow[];
  filter: Filter;
  order: Order;
  /** How many rows are shown. */
  shown: number;
}

/** What the table is narrowed to: it stands in the address, so that it can be sent to somebody. */
export function Filters({ all, filter, order, shown }: FiltersProps) {
  return (
    <search class="filters">
      <SearchField />
      <StateChoice />
      <Choice name="verdict" label="Verdict" any="any verdict">
        {Object.entries(VERDICT_NAMES).map(([verdict, name]) => (
          <option value={verdict}>{name}</option>
        ))}
        <option value={NONE}>none yet</option>
      </Choice>
      <FoundChoice name="host" label="Host" any="any host" all={all} of={(job) => job.worker_id} />
      <FoundChoice name="cause" label="Cause" any="any cause" all={all} of={(job) => job.error_cause} />
      <TextField
        name="blocks"
        label="Blocks"
        placeholder="1,000 – 2,000"
        problem={filter.blocksProblem}
        class="filter-blocks"
      />
      <OrderChoice order={order} />
      <Count shown={shown} of={all.length} isNarrow={filter.isNarrow} />
    </search>
  );
}

function SearchField() {
  return (
    <TextField
      name="q"
      label="Search"
      placeholder="Block, slice, job, host, message…"
      class="filter-search"
    />
  );
}

interface TextFieldProps {
  name: string;
  label: string;
  placeholder: string;
  class: string;
  problem?: string | null;
}

/** While one types there is no new entry in the browser's history; from nothing to something there is. */
function TextField({ name, label, placeholder, problem = null, class: kind }: TextFieldProps) {
  const value = query.value.get(name) ?? '';
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // What is typed right now is not overwritten by what it was a moment ago.
    if (field.current !== null && field.current.value.trim() !== value) field.current.value = value;
  }, [value]);
  return (
    <div class={`filter ${kind}`}>
      <label>
        <span class="filter-label">{label}</span>
        <input
          ref={field}
          type="search"
          defaultValue={value}
          placeholder={placeholder}
          autocomplete="off"
          spellcheck={false}
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : `${name}-problem`}
          onInput={(event) => {
            const text = event.currentTarget.value.trim();
            setQuery({ [name]: text }, { keep: value === '' });
          }}
        />
      </label>
      {problem !== null && (
        <span class="filter-problem" id={`${name}-problem`} role="status">
          {problem}
        </span>
      )}
    </div>
  );
}

interface ChoiceProps {
  name: string;
  label: string;
  /** What it says when it does not narrow. */
  any: string;
  children: ComponentChildren;
}

function Choice({ name, label, any, children }: ChoiceProps) {
  return (
    <label class="filter">
      <span class="filter-label">{label}</span>
      <select
        value={query.value.get(name) ?? ''}
        onChange={(event) => setQuery({ [name]: event.currentTarget.value }, { keep: true })}
      >
        <option value="">{any}</option>
        {children}
      </select>
    </label>
  );
}

/** A choice of what there is in the jobs, and of what stands in the address. */
function FoundChoice({
  all,
  of,
  ...rest
}: Omit<ChoiceProps, 'children'> & { all: readonly JobRow[]; of: (job: JobRow) => string | null }) {
  const asked = query.value.get(rest.name) ?? '';
  const found = useMemo(() => {
    const values = new Set(all.map(of).filter((value) => value !== null));
    if (asked !== '' && asked !== NONE) values.add(asked);
    return [...values].toSorted(new Intl.Collator('en', { numeric: true }).compare);
  }, [all, asked]);
  return (
    <Choice {...rest}>
      {found.map((value) => (
        <option value={value}>{value}</option>
      ))}
      <option value={NONE}>none</option>
    </Choice>
  );
}

/** One state, or several under one name; they stand in the address under two names. */
function StateChoice() {
  const [state, status] = ['state', 'status'].map((name) => query.value.get(name) ?? '');
  const chosen = status ? `status ${status}` : state ? `state ${state}` : '';
  return (
    <label class="filter">
      <span class="filter-label">State</span>
      <select
        value={chosen}
        onChange={(event) => {
          const [kind = '', value = ''] = event.currentTarget.value.split(' ');
          setQuery({ state: null, status: null, ...(kind === '' ? {} : { [kind]: value }) }, { keep: true });
        }}
      >
        <option value="">any state</option>
        {Object.entries(STATES).map(([name, { name: words }]) => (
          <option value={`state ${name}`}>{words}</option>
        ))}
        <optgroup label="Exactly">
          {Object.entries(STATUS_NAMES).map(([name, words]) => (
            <option value={`status ${name}`}>{words}</option>
          ))}
        </optgroup>
      </select>
    </label>
  );
}

/** Where the table has no heads, because there is no room for them. */
function OrderChoice({ order }: { order: Order }) {
  return (
    <div class="filter filter-order">
      <label>
        <span class="filter-label">Sorted by</span>
        <select
          value={order.by}
          onChange={(event) => {
            const next = nextOrder({ by: 'slice', descending: false }, event.currentTarget.value as ColumnId);
            setQuery(
              { sort: event.currentTarget.value === 'slice' ? null : orderText(next) },
              { keep: true },
            );
          }}
        >
          {COLUMN_IDS.map((id) => (
            <option value={id}>{columnOf(id).longName ?? columnOf(id).name}</option>
          ))}
        </select>
      </label>
      <button
        type="button"
        aria-label={order.descending ? 'Sorted downwards; sort upwards' : 'Sorted upwards; sort downwards'}
        onClick={() => setQuery({ sort: orderText(nextOrder(order, order.by)) }, { keep: true })}
      >
        {order.descending ? '▾' : '▴'}
      </button>
    </div>
  );
}

/** The count follows the run all the time; it is read out only when the filter was changed. */
function Count({ shown, of, isNarrow }: { shown: number; of: number; isNarrow: boolean }) {
  const text = isNarrow ? `${formatCount(shown)} of ${formatCount(of)} jobs` : `${formatCount(of)} jobs`;
  const asked = query.value.toString();
  const said = useRef<HTMLSpanElement>(null);
  const before = useRef(asked);
  useEffect(() => {
    if (before.current === asked || said.current === null) return;
    before.current = asked;
    said.current.textContent = text;
  }, [asked, text]);
  return (
    <p class="filters-count">
      <strong class="number">{text}</strong>
      <span ref={said} class="visually-hidden" role="status" />
      {isNarrow && (
        <button type="button" class="link" onClick={clearFilter}>
          Show all
        </button>
      )}
    </p>
  );
}
