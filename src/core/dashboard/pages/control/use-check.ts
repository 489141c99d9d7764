import { useEffect, useState } from 'preact/hooks';
import type { ManifestCheckRecord } from '../../../protocol/control-record.ts';
import { send } from '../../data/api.ts';
import { readJson } from '../../data/read-json.ts';
import { summary } from '../../data/store.ts';
import { wordsOf } from '../../parts/action.tsx';

/** What another run is to be made of. */
export interface Wanted {
  /** null: that of the current run. */
  manifest: string | null;
  folder: string;
  version: string;
  options: readonly string[];
}

export interface Checked {
  /** `idle`: there is nothing to check yet. */
  state: 'idle' | 'checking' | 'done' | 'failed';
  /** Of what is wanted now, when done; of what was wanted before, while it is checked again. */
  record: ManifestCheckRecord | null;
  problem: string | null;
}

/** After the last key. Milliseconds. */
const REST_MS = 400;

const IDLE: Checked = { state: 'idle', record: null, problem: null };

/** Has the orchestrator check what is wanted, whenever that changes. Nothing is begun by it. */
export function useCheck(wanted: Wanted): Checked {
  const [checked, setChecked] = useState<Checked>(IDLE);
  const { manifest, folder, version, options } = wanted;
  const isEmpty = manifest?.trim() === '';
  // Another run may have begun meanwhile.
  const runId = summary.value?.run_id;
  useEffect(() => {
    if (isEmpty) {
      setChecked(IDLE);
      return undefined;
    }
    const over = new AbortController();
    setChecked(({ record }) => ({ state: 'checking', record, problem: null }));
    const timer = setTimeout(() => {
      check(wanted, over.signal).then(
        (record) => setChecked({ state: 'done', record, problem: null }),
        (error: unknown) => {
          if (!over.signal.aborted) setChecked({ state: 'failed', record: null, problem: wordsOf(error) });
        },
      );
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      over.abort();
    };
  }, [manifest, folder, version, options, runId]);
  return checked;
}

async function check(
  { manifest, folder, version, options }: Wanted,
  signal: AbortSignal,
): Promise<ManifestCheckRecord> {
  const query = new URLSearchParams(options.map((option) => ['nodeos_option', option]));
  if (manifest === null) query.set('current', '1');
  else if (folder.trim() !== '') query.set('folder', folder.trim());
  if (version.trim() !== '') query.set('nodeos_version', version.trim());
  const answer = await send(`/manifest/check?${query}`, { method: 'POST', body: manifest ?? '', signal });
  return readJson(await answer.text()) as ManifestCheckRecord;
}
