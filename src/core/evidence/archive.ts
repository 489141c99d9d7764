import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { packTar } from 'modern-tar';
import { parseUtc } from '../domain/time.ts';
import { evidenceFiles } from './build.ts';
import type { EvidenceOfJob } from './evidence.ts';

const compress = promisify(zstdCompress);

const LEVEL = 12;

/** The top folder of the archive, and the name of its file without the ending. */
export function archiveName({ job, attempt, run }: Pick<EvidenceOfJob, 'job' | 'attempt' | 'run'>): string {
  return `replay-run-${run.run_id}-job-${job.job_id}-attempt-${attempt}`;
}

/**
 * The evidence as a tar archive, compressed with zstd. The same input gives the same bytes: all files are
 * of the time at which the attempt ended, and nobody's.
 */
export async function evidenceArchive(input: EvidenceOfJob): Promise<Buffer> {
  const mtime = timeOf(input);
  const folder = archiveName(input);
  const entries = evidenceFiles(input).map(({ name, content, executable = false }) => {
    const body = Buffer.from(content);
    const header = {
      name: `${folder}/${name}`,
      size: body.length,
      mode: executable ? 0o755 : 0o644,
      mtime,
      uid: 0,
      gid: 0,
      uname: '',
      gname: '',
    };
    return { header, body };
  });
  const params = { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_checksumFlag]: 1 };
  return compress(await packTar(entries), { params });
}

function timeOf({ job, attempt }: EvidenceOfJob): Date {
  const record = job.attempts.find(({ number }) => number === attempt);
  return parseUtc(record?.end_time ?? record?.start_time ?? job.start_time) ?? new Date(0);
}
