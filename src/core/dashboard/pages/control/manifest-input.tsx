import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { formatBytes } from '../../../format/bytes.ts';
import { formatCount } from '../../../format/count.ts';
import type { ManifestProblemRecord } from '../../../protocol/control-record.ts';
import { Gutter, LINE_PX } from './gutter.tsx';
import { LineProblems } from './line-problems.tsx';

/** A longer text is taken from its file, and not shown: browsers edit it too slowly. Characters. */
const LONGEST_SHOWN = 2_000_000;

interface ManifestInputProps {
  text: string;
  problems: readonly ManifestProblemRecord[];
  onChange: (text: string) => void;
}

/** The text of a manifest: from a file, pasted, or written; each mistake beside its line. */
export function ManifestInput({ text, problems, onChange }: ManifestInputProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const scrolled = useSignal(0);
  const isShown = text.length <= LONGEST_SHOWN;
  const goTo = (line: number): void => {
    const { current } = area;
    if (current === null) return;
    const start = offsetOf(text, line);
    const end = text.indexOf('\n', start);
    current.focus();
    current.setSelectionRange(start, end === -1 ? text.length : end);
    current.scrollTop = Math.max(0, (line - 4) * LINE_PX);
  };
  return (
    <div class="manifest">
      <label class="field">
        From a file
        <input
          type="file"
          accept=".json,application/json"
          onChange={({ currentTarget: { files } }) => void files?.[0]?.text().then(onChange)}
        />
      </label>
      {isShown ? (
        <div class="manifest-text">
          <Gutter
            text={text}
            scrolled={scrolled}
            wrong={new Set(problems.flatMap(({ line }) => line ?? []))}
          />
          <textarea
            ref={area}
            aria-label="Text of the manifest"
            spellcheck={false}
            wrap="off"
            placeholder="Paste a manifest here: a JSON array of slices"
            value={text}
            onInput={(event) => onChange(event.currentTarget.value)}
            onScroll={(event) => {
              scrolled.value = event.currentTarget.scrollTop;
            }}
          />
        </div>
      ) : (
        <p>
          {formatBytes(text.length)} with {formatCount(text.split('\n').length)} lines were read: too long to
          be shown here, and checked as they are.
        </p>
      )}
      <LineProblems text={text} problems={problems} goTo={isShown ? goTo : null} />
    </div>
  );
}

function offsetOf(text: string, line: number): number {
  let at = 0;
  for (let passed = 1; passed < line; passed += 1) {
    const next = text.indexOf('\n', at);
    if (next === -1) return at;
    at = next + 1;
  }
  return at;
}
