import { createHash } from 'node:crypto';
import { Args, Flags } from '@oclif/core';
import { archiveName, evidenceArchive } from '../../core/evidence/archive.ts';
import { readEvidence } from '../../core/jobs/read-evidence.ts';
import { formatBytes } from '../../core/format/bytes.ts';
import { openReportFile } from '../../core/report/report-file.ts';
import { BaseCommand } from '../support/base-command.ts';
import { jsonFlag, orchestratorFlag } from '../support/flags.ts';
import { parseJobId } from '../support/job-changes.ts';
import { describe, type ExitCodes } from '../support/prose.ts';
import { runFlags, runSource } from '../support/run-source.ts';
import { contradiction, tokenFlags } from '../support/token.ts';

export default class JobsEvidence extends BaseCommand {
  static override summary = 'Pack what a developer needs to reproduce what happened to a job.';
  static exitCodes: ExitCodes = {
    ok: 'written',
    failed: 'there is no such job or attempt',
    usage: 'wrong usage',
    unreachable: 'the orchestrator cannot be reached, or refuses, or there is no such run or directory',
    cannotStart: 'the file cannot be written',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    A tar archive, compressed with zstd: the slice as a manifest of its own, the version and the options of
    nodeos, its configuration, the commands to run by hand, the logs and records of all attempts, all hashes
    that have to do with the slice, and a README.md that says what is what. To unpack: tar --zstd -xf FILE.

    Workers report their command lines and hosts when nodeos starts, so the host need not live any more; of
    those with an older version the archive says what is missing. Passwords and signatures are left out.

    --run N packs a job of a past run, and --from DIR reads the data directory of an orchestrator that need
    not run; without --run its last run.

    With --json: {"job_id", "attempt", "file", "bytes", "sha256"}.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %> 7 --output evidence.tar.zst',
    '<%= config.bin %> <%= command.id %> 7 --attempt 1 --output - --orchestrator 10.0.0.5',
    '<%= config.bin %> <%= command.id %> 7 --output evidence.tar.zst --from /srv/replay-data --run 1',
  ];
  static override args = {
    id: Args.string({ description: 'number of the job, as replay status shows it', required: true }),
  };
  static override flags = {
    attempt: Flags.integer({ description: 'number of the attempt; the last one unless given', min: 1 }),
    output: Flags.string({
      description: 'file for the archive, which is written whole or not at all; - is stdout',
      helpValue: 'FILE',
      required: true,
    }),
    orchestrator: orchestratorFlag,
    ...tokenFlags,
    ...runFlags,
    json: jsonFlag,
  };

  async run(): Promise<void> {
    const { args, flags, raw } = await this.parse(JobsEvidence);
    const jobId = parseJobId(args.id);
    const toStdout = flags.output === '-';
    if (toStdout && flags.json) throw contradiction('--json and --output - cannot be given together.');
    if (toStdout && process.stdout.isTTY)
      throw contradiction('The archive is no text for a terminal: give --output a file, or a pipe.');
    const file = toStdout ? null : await openReportFile(flags.output, 'archive');
    const evidence = await readEvidence(await runSource(flags, raw), jobId, flags.attempt ?? null);
    const archive = await evidenceArchive(evidence);
    if (file === null) {
      process.stdout.write(archive);
      return;
    }
    await file.write(archive);
    const { attempt } = evidence;
    if (flags.json) {
      this.printJson({
        job_id: jobId,
        attempt,
        file: flags.output,
        bytes: archive.length,
        sha256: sha256Of(archive),
      });
    } else {
      const folder = archiveName(evidence);
      process.stdout.write(
        `${flags.output}: ${formatBytes(archive.length)} about attempt ${attempt} of job ${jobId}. To unpack: tar --zstd -xf; then see ${folder}/README.md.\n`,
      );
    }
  }
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
