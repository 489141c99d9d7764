import { formatCount } from '../../../format/count.ts';
import type { ManifestCheckRecord, ManifestProblemRecord } from '../../../protocol/control-record.ts';
import type { Checked } from './use-check.ts';

interface CheckResultProps {
  checked: Checked;
  /** The text stands above, with the mistakes beside their lines. */
  hasText: boolean;
}

/** What the orchestrator says of the run that is wanted; read out as it changes. */
export function CheckResult({ checked: { state, record, problem }, hasText }: CheckResultProps) {
  return (
    <div role="status" class="check-result">
      {state === 'checking' && <p class="loading">Checking…</p>}
      {problem !== null && <p class="problem">{problem}</p>}
      {state === 'done' &&
        record !== null &&
        (record.valid ? <Good record={record} /> : <Bad record={record} hasText={hasText} />)}
    </div>
  );
}

function Good({ record }: { record: ManifestCheckRecord }) {
  const { total_jobs, total_blocks, start_block, end_block, requested_versions, warnings, warning_count } =
    record;
  return (
    <>
      <p>
        <b class="tone-good">✓ Good:</b> {formatCount(total_jobs ?? 0)} slices with{' '}
        {formatCount(total_blocks ?? 0)} blocks, from {formatCount(start_block ?? 0)} to{' '}
        {formatCount(end_block ?? 0)}, for nodeos {requested_versions.join(', ')}.
        {record.same_as_current === true && ' It is the manifest of the current run.'}
      </p>
      {warning_count > 0 && (
        <p>
          {warning_count === 1
            ? '1 warning, which keeps'
            : `${formatCount(warning_count)} warnings, which keep`}{' '}
          nobody from beginning:
        </p>
      )}
      <ProblemList problems={warnings} />
    </>
  );
}

function Bad({
  record: { problems, problem_count },
  hasText,
}: {
  record: ManifestCheckRecord;
  hasText: boolean;
}) {
  const others = hasText ? problems.filter(({ line }) => line === null) : problems;
  const mistakes = problem_count === 1 ? '1 mistake' : `${formatCount(problem_count)} mistakes`;
  return (
    <>
      <p>
        <b class="tone-bad">✕ Nothing can be begun with this:</b> {mistakes}
        {others.length < problems.length && ', which stand beside their lines above'}
        {problem_count > problems.length && `; the first ${formatCount(problems.length)} are told`}.
      </p>
      <ProblemList problems={others} />
    </>
  );
}

function ProblemList({ problems }: { problems: readonly ManifestProblemRecord[] }) {
  if (problems.length === 0) return null;
  return (
    <ol class="problems">
      {problems.map(({ text }) => (
        <li>{text}</li>
      ))}
    </ol>
  );
}
