import { formatProblem } from '../../domain/manifest/format-problem.ts';
import type { ManifestProblem } from '../../domain/manifest/problem.ts';
import { isSameRun } from '../../domain/manifest/same-run.ts';
import type { Slice } from '../../domain/slice.ts';
import { isHeld } from '../../domain/transition.ts';
import type { ManifestCheckRecord, ManifestProblemRecord } from '../../protocol/control-record.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import { knownSlices } from '../../store/open-store.ts';
import { checkManifest, type CheckedManifest } from '../check-manifest.ts';
import type { Context } from '../context.ts';
import type { CurrentRun } from '../current-run.ts';
import { JSON_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { askedManifest, MANIFEST_LIMIT } from './asked-manifest.ts';

/** More tell no more, and each is some hundred bytes. */
const MOST_PROBLEMS = 1000;

/**
 * POST /manifest/check[?current][&folder=…][&nodeos_version=…][&nodeos_option=…]: what is wrong with a
 * manifest, or what would become of a run with it. Nothing changes.
 */
export async function postManifestCheck(request: ApiRequest, run: CurrentRun): Promise<Reply> {
  const { query } = request;
  const body = await request.body(MANIFEST_LIMIT);
  const asked = await askedManifest(
    {
      text: query.has('current') ? null : body,
      folder: query.get('folder'),
      nodeosVersion: query.get('nodeos_version'),
      nodeosOptions: query.getAll('nodeos_option'),
    },
    run,
  );
  const record = checkRecord(checkManifest(asked, run.checkNodeosOptions), run.context);
  return { status: 200, type: JSON_TYPE, body: pythonJson({ ...record }) };
}

function checkRecord(checked: CheckedManifest, { store }: Context): ManifestCheckRecord {
  const { view } = store;
  const problems = checked.ok ? [] : checked.problems;
  const warnings = checked.ok ? checked.warnings : [];
  const slices = checked.ok ? checked.slices : null;
  return {
    valid: checked.ok,
    problems: problemRecords(problems),
    problem_count: problems.length,
    warnings: problemRecords(warnings),
    warning_count: warnings.length,
    total_jobs: slices && slices.length,
    total_blocks: slices && totalBlocks(slices),
    start_block: slices && slices.reduce((least, { startBlock }) => Math.min(least, startBlock), Infinity),
    end_block: slices && slices.reduce((most, { endBlock }) => Math.max(most, endBlock), 0),
    requested_versions: versionsOf(slices ?? []),
    same_as_current: slices && isSameRun(slices, knownSlices(view.all(), view.observations())),
    run_id: store.run.info.runId,
    jobs_held: Array.from(view.all()).filter(({ job }) => isHeld(job.status)).length,
  };
}

export function totalBlocks(slices: readonly Slice[]): number {
  return slices.reduce((sum, { startBlock, endBlock }) => sum + endBlock - startBlock, 0);
}

/** What hosts are to install, each once. */
function versionsOf(slices: readonly Slice[]): string[] {
  const versions = new Set(slices.map(({ nodeosVersion, version }) => nodeosVersion ?? version));
  return [...versions].toSorted();
}

function problemRecords(problems: readonly ManifestProblem[]): ManifestProblemRecord[] {
  return problems.slice(0, MOST_PROBLEMS).map((problem) => ({
    code: problem.code,
    slice: problem.sliceId,
    line: problem.line,
    field: problem.field,
    message: problem.message,
    text: formatProblem(problem),
  }));
}
