import { Flags } from '@oclif/core';
import { ExitCode } from '../../core/domain/exit-codes.ts';
import { formatCount } from '../../core/format/count.ts';
import { BaseCommand } from '../support/base-command.ts';
import { askOf } from '../support/control.ts';
import { jsonFlag, orchestratorFlag } from '../support/flags.ts';
import { connect } from '../support/job-changes.ts';
import { beginRun, checkText, readManifestFile, refuseMistakes, type WantedRun } from '../support/new-run.ts';
import { describe, type ExitCodes } from '../support/prose.ts';
import { contradiction, readToken, tokenFlags } from '../support/token.ts';

export default class RunsStart extends BaseCommand {
  static override summary = 'Begin another run on an orchestrator that is running.';
  static exitCodes: ExitCodes = {
    ok: 'the run has begun, or with --check: the manifest has no mistakes',
    usage: 'wrong usage',
    invalidInput: 'the manifest cannot be read, or has mistakes',
    unreachable:
      'the orchestrator cannot be reached, or refuses: hosts are at work, and --force was not given',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    The orchestrator checks the manifest first, and shows all of its mistakes. The new run takes the place
    of the current one, which is kept, and goes on after a restart of replay serve: for as long as the file
    of its --config stays as it is, that is not begun anew.

    While hosts are at work on jobs of the current run it is refused. With --force they stop those jobs and
    take some of the new run; the results of these attempts are lost. Relative paths in the manifest are
    relative to its folder, as the hosts see it. Needs a token with the right "admin", unless the
    orchestrator runs open.

    With --json: {"run_id", "total_jobs", "total_blocks", "jobs_taken"}; with --check as
    docs/json-output.md has it.
    `,
    this.exitCodes,
  );
  static override usage = 'runs start --manifest FILE | --again';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --manifest manifest.json --check',
    '<%= config.bin %> <%= command.id %> --manifest manifest.json --nodeos-version 1.2.2',
    '<%= config.bin %> <%= command.id %> --again --nodeos-option chain-threads=4 --force',
  ];
  static override flags = {
    manifest: Flags.string({ char: 'm', description: 'manifest of the new run', helpValue: 'FILE' }),
    again: Flags.boolean({
      description: 'the manifest of the current run, with the hashes that this has learned',
    }),
    'nodeos-version': Flags.string({
      description: 'for every slice: a version, or the URL or path of a .deb file',
      helpValue: 'VERSION',
    }),
    'nodeos-option': Flags.string({
      description: 'one more option for nodeos, for every slice; may be given several times',
      helpValue: 'OPTION',
      multiple: true,
      multipleNonGreedy: true,
    }),
    force: Flags.boolean({ description: 'also when hosts are at work: their attempts are lost' }),
    check: Flags.boolean({ description: 'only say what is wrong with the manifest; begin nothing' }),
    orchestrator: orchestratorFlag,
    ...tokenFlags,
    json: jsonFlag,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(RunsStart);
    if (flags.again === (flags.manifest !== undefined)) {
      throw contradiction('Give either --manifest FILE or --again.');
    }
    const client = connect(flags.orchestrator, await readToken(flags, raw));
    const wanted = {
      ...(await manifestOf(flags.manifest)),
      nodeos_version: flags['nodeos-version'] ?? null,
      nodeos_options: flags['nodeos-option'] ?? [],
    };
    const check = await askOf(client, (it) => it.checkManifest(wanted));
    if (flags.check && flags.json) {
      this.printJson(check);
      process.exitCode = check.valid ? ExitCode.ok : ExitCode.invalidInput;
      return;
    }
    refuseMistakes(check);
    if (!flags.json) process.stdout.write(checkText(check));
    if (flags.check) return;
    const begun = await beginRun(client, { ...wanted, force: flags.force, current_run_id: check.run_id });
    if (flags.json) {
      this.printJson(begun);
      return;
    }
    const { run_id: runId, total_jobs: jobs, jobs_taken: taken } = begun;
    const lost = taken === 0 ? '' : ` Hosts stop ${formatCount(taken)} jobs of run ${check.run_id}.`;
    process.stdout.write(`Run ${runId} has begun: ${formatCount(jobs)} jobs.${lost}\n`);
  }
}

async function manifestOf(file: string | undefined): Promise<WantedRun> {
  if (file === undefined) return { manifest: null };
  const { text, folder } = await readManifestFile(file);
  return { manifest: text, manifest_folder: folder };
}
