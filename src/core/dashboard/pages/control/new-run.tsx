import { useSignal } from '@preact/signals';
import { Begin } from './begin.tsx';
import { CheckResult } from './check-result.tsx';
import { ManifestInput } from './manifest-input.tsx';
import { OptionChips } from './option-chips.tsx';
import { useCheck, type Wanted } from './use-check.ts';

const NOTHING: Wanted = { manifest: null, folder: '', version: '', options: [] };

/** Another run in the place of the current one: the same manifest with another nodeos, or another manifest. */
export function NewRun() {
  const wanted = useSignal<Wanted>(NOTHING);
  const change = (part: Partial<Wanted>): void => {
    wanted.value = { ...wanted.value, ...part };
  };
  const { manifest, folder, version, options } = wanted.value;
  const checked = useCheck(wanted.value);
  return (
    <section class="card control new-run" aria-labelledby="new-run-title">
      <h2 id="new-run-title">Another run</h2>
      <fieldset class="choices">
        <legend>Manifest</legend>
        <label>
          <input
            type="radio"
            name="source"
            checked={manifest === null}
            onChange={() => change({ manifest: null })}
          />
          that of the current run, with the hashes it has learned
        </label>
        <label>
          <input
            type="radio"
            name="source"
            checked={manifest !== null}
            onChange={() => change({ manifest: '' })}
          />
          another one
        </label>
      </fieldset>
      {manifest !== null && (
        <>
          <ManifestInput
            text={manifest}
            problems={checked.record?.problems ?? []}
            onChange={(text) => change({ manifest: text })}
          />
          <label class="field">
            Folder that relative paths in it start from: an absolute path or a URL; empty: that of the
            manifest of replay serve
            <input value={folder} onInput={(event) => change({ folder: event.currentTarget.value })} />
          </label>
        </>
      )}
      <label class="field">
        nodeos for every slice: a version, or the location of a .deb; empty: what the manifest says
        <input
          class="version"
          value={version}
          placeholder="v1.2.2"
          onInput={(event) => change({ version: event.currentTarget.value })}
        />
      </label>
      <OptionChips options={options} onChange={(options) => change({ options })} />
      <CheckResult checked={checked} hasText={manifest !== null} />
      <Begin wanted={wanted.value} checked={checked} onBegun={() => change(NOTHING)} />
    </section>
  );
}
