import { resolve } from 'node:path';
import { Flags } from '@oclif/core';
import { examine } from '../core/doctor/doctor.ts';
import { jsonOfChecks, renderChecks } from '../core/doctor/render.ts';
import type { CheckResult } from '../core/doctor/run-checks.ts';
import { ExitCode } from '../core/domain/exit-codes.ts';
import { DEFAULT_PORT, parseOrchestrator } from '../core/protocol/client-address.ts';
import { BaseCommand } from './support/base-command.ts';
import { jsonFlag } from './support/flags.ts';
import { GIB, hostFlags } from './support/host-flags.ts';
import { listOf } from './support/list-flag.ts';
import { describe, type ExitCodes } from './support/prose.ts';
import { terminalOf } from './support/terminal.ts';
import { readToken, tokenFlags } from './support/token.ts';

/** Where each role keeps its data, unless it is told otherwise. */
const DATA_DIRS = {
  work: { variable: 'REPLAY_WORK_DIR', folder: './replay-work' },
  serve: { variable: 'REPLAY_DATA_DIR', folder: './replay-data' },
} as const;

export default class Doctor extends BaseCommand {
  static override summary =
    'Check what this machine needs for its part in a run, and say how to mend what is missing.';
  static exitCodes: ExitCodes = {
    ok: 'nothing failed; there may be warnings',
    failed: 'something that is needed is missing',
    usage: 'wrong usage',
    invalidInput: 'the file of --token-file cannot be read',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    Looks at disk, memory, limits, tools, ports and the data directory; with --orchestrator also whether that
    can be reached, whether its token is good and may work, how far the clocks are apart, and whether the
    snapshots and blocks of the first and the last slice can be reached from here.

    Nothing is installed or changed, and no job is taken. It ends within a minute, whatever hangs. Each line
    has a mark: ok, WARNING (work can begin), FAILED (it cannot), skipped (not looked at, and why).

    The same for the machine of the orchestrator: --role serve.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %> --orchestrator 10.0.0.5 --token-file replay.token',
    '<%= config.bin %> <%= command.id %> --check s3://bucket/snapshots/ --nodeos ./build/bin/nodeos',
    '<%= config.bin %> <%= command.id %> --role serve --json',
  ];
  static override flags = {
    role: Flags.option({
      options: ['work', 'serve'] as const,
      description: 'what the machine is to do',
      default: 'work' as const,
    })(),
    orchestrator: Flags.string({
      char: 'o',
      description:
        'address of the orchestrator: an IP, host:port, or URL; without it nothing there is checked',
      env: 'REPLAY_ORCHESTRATOR',
      helpValue: 'ADDRESS',
    }),
    ...tokenFlags,
    'data-dir': Flags.string({
      description: `data directory; by default what ${DATA_DIRS.work.variable} or ${DATA_DIRS.serve.variable} names, else ${DATA_DIRS.work.folder} or ${DATA_DIRS.serve.folder}`,
      helpValue: 'DIR',
    }),
    check: Flags.string({
      description: 'also look at this place in storage: s3://…, http(s)://… or a path (repeatable)',
      helpValue: 'LOCATION',
      multiple: true,
      multipleNonGreedy: true,
    }),
    ...hostFlags,
    'no-color': Flags.boolean({ description: 'no colours in a terminal either' }),
    json: jsonFlag,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(Doctor);
    const { role, orchestrator } = flags;
    const dataDir = resolve(
      flags['data-dir'] ?? (await this.settingOf(role, 'data-dir')) ?? DATA_DIRS[role].folder,
    );
    const results = await examine({
      role,
      dataDir,
      orchestrator: orchestrator === undefined ? null : parseOrchestrator(orchestrator),
      token: await readToken(flags, raw),
      locations: listOf(flags.check),
      nodeosPath: flags.nodeos === undefined ? null : resolve(flags.nodeos),
      debUrlTemplate: flags['deb-url'] ?? null,
      minFreeDiskBytes: flags['min-free-disk'] * GIB,
      servePort: Number((await this.settingOf('serve', 'port')) ?? DEFAULT_PORT),
    });
    if (flags.json) this.printJson(jsonOfChecks(results, { role, dataDir }));
    else
      process.stdout.write(renderChecks(results, terminalOf(process.stdout, process.env, flags['no-color'])));
    process.exitCode = results.some(({ result }) => result === 'failed') ? ExitCode.failed : ExitCode.ok;
    endIfHung(results);
  }
}

/** A system call that never ends would keep this process from ending. All has been said by then. */
function endIfHung(results: readonly CheckResult[]): void {
  if (results.some(({ timedOut }) => timedOut)) process.stdout.write('', () => process.exit());
}
