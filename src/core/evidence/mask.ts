import { redact } from '../log/redact.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';

/** A URL without user, password, query and fragment: a signature or a token may have any name. Other text is as it was. */
export function maskUrl(text: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//iu.test(text)) return text;
  return text.replace(/[?#].*$/su, '').replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/iu, '$1');
}

/** The record without what must not leave the orchestrator. */
export function maskJob(job: FullJobRecord): FullJobRecord {
  const masked = (text: string | null): string | null => (text === null ? null : maskUrl(text));
  return redact({
    ...job,
    snapshot_path: maskUrl(job.snapshot_path),
    blocks_path: masked(job.blocks_path),
    genesis_path: masked(job.genesis_path),
    manifest_nodeos_version: masked(job.manifest_nodeos_version),
  }) as FullJobRecord;
}

/** Whether something was left out of the slice's addresses, so that they do not work as they stand. */
export function hasSecrets(job: FullJobRecord): boolean {
  return [job.snapshot_path, job.blocks_path, job.genesis_path, job.manifest_nodeos_version].some(
    (text) => text !== null && maskUrl(text) !== text,
  );
}
