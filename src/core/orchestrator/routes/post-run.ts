import { createHash } from 'node:crypto';
import { formatProblems } from '../../domain/manifest/format-problem.ts';
import { describe, FieldError, parseObject, present, type Fields } from '../../protocol/fields.ts';
import type { BegunRunRecord } from '../../protocol/control-record.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import { callerName } from '../access/caller.ts';
import { checkManifest } from '../check-manifest.ts';
import type { CurrentRun } from '../current-run.ts';
import { HttpError, JSON_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { askedManifest, MANIFEST_LIMIT, type RawManifest } from './asked-manifest.ts';
import { totalBlocks } from './manifest-check.ts';

/** POST /run: begins another run in the place of the current one. */
export async function postRun(request: ApiRequest, run: CurrentRun): Promise<Reply> {
  const body = await request.body(MANIFEST_LIMIT);
  const fields = parseObject(body);
  const raw: RawManifest = {
    text: manifestOf(fields),
    folder: present(fields, 'manifest_folder'),
    nodeosVersion: present(fields, 'nodeos_version'),
    nodeosOptions: present(fields, 'nodeos_options'),
  };
  const store = await run.begin({
    request: createHash('sha256').update(body).digest('hex'),
    after: currentRunOf(fields),
    force: forceOf(fields),
    by: callerName(request.caller),
    prepare: () => prepare(raw, run),
  });
  const { runId, begun } = store.run.info;
  const slices = Array.from(store.view.all(), ({ job }) => job.slice);
  const record: BegunRunRecord = {
    run_id: runId,
    total_jobs: slices.length,
    total_blocks: totalBlocks(slices),
    jobs_taken: begun?.jobsTaken ?? 0,
  };
  return { status: 200, type: JSON_TYPE, body: pythonJson({ ...record }) };
}

async function prepare(raw: RawManifest, run: CurrentRun) {
  const asked = await askedManifest(raw, run);
  const checked = checkManifest(asked, run.checkNodeosOptions);
  if (checked.ok) return { text: checked.text, slices: checked.slices, folder: asked.folder };
  throw new HttpError(400, `The manifest has mistakes:\n${formatProblems(checked.problems)}`, {
    code: 'MANIFEST_INVALID',
    hint: 'Correct them all and ask again; nothing was begun. POST /manifest/check lists them for programs.',
  });
}

/** That it is null has to be said: a field that was forgotten must not begin anything. */
function manifestOf(fields: Fields): string | null {
  const value = Object.hasOwn(fields, 'manifest') ? fields['manifest'] : undefined;
  if (typeof value === 'string' || value === null) return value;
  throw new FieldError(
    `manifest must be the text of a manifest, or null for that of the current run, and is ${describe(value)}`,
  );
}

function currentRunOf(fields: Fields): number {
  const value = present(fields, 'current_run_id');
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new FieldError(
    `current_run_id must be the number of the run that the new one takes the place of, and is ${describe(value)}`,
  );
}

function forceOf(fields: Fields): boolean {
  const value = present(fields, 'force') ?? false;
  if (typeof value === 'boolean') return value;
  throw new FieldError(`force must be true or false, and is ${describe(value)}`);
}
