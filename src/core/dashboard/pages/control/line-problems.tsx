import type { ManifestProblemRecord } from '../../../protocol/control-record.ts';

/** Characters of a line that are shown. */
const MOST = 160;

interface LineProblemsProps {
  text: string;
  problems: readonly ManifestProblemRecord[];
  /** Shows a line in the text; null: the text is not shown. */
  goTo: ((line: number) => void) | null;
}

/** The mistakes that stand in a line, each with that line. */
export function LineProblems({ text, problems, goTo }: LineProblemsProps) {
  const inLines = problems.filter(({ line }) => line !== null);
  if (inLines.length === 0) return null;
  const lines = text.split('\n');
  return (
    <ol class="line-problems" aria-label="Mistakes by line">
      {inLines.map(({ line, field, message }) => (
        <li key={`${line} ${field} ${message}`}>
          {goTo === null ? (
            <b>Line {line}</b>
          ) : (
            <button type="button" class="link" onClick={() => goTo(line!)}>
              Line {line}
            </button>
          )}
          {field !== null && <code> {field}</code>}: {message}
          <code class="line">{lines[line! - 1]?.trim().slice(0, MOST)}</code>
        </li>
      ))}
    </ol>
  );
}
