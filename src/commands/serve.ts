import { Flags } from '@oclif/core';
import { createLogger } from '../core/log/logger.ts';
import { programAt } from '../core/files/program-file.ts';
import { checkNodeosOptions } from '../nodeos/options/options.ts';
import { BaseCommand } from './support/base-command.ts';
import { logFormatFlag, logLevelFlag } from './support/flags.ts';
import { describe, type ExitCodes } from './support/prose.ts';
import { ownProgramFile } from './support/own-program.ts';
import { serveNotify, serveNotifyFlags } from './support/notify-flags.ts';
import { ServedFleet, serveAutoscaleFlags, serveFleet } from './support/serve-autoscale.ts';
import { serveCare, serveCareFlags } from './support/serve-care.ts';
import { reports } from './support/reports.ts';
import { serveAccess, serveAccessFlags, startLines } from './support/serve-access.ts';
import { onStopRequest } from './support/signals.ts';

export default class Serve extends BaseCommand {
  static override summary = 'Hold the jobs of a run and their results, and hand them out over HTTP.';
  static exitCodes: ExitCodes = {
    ok: 'stopped by SIGINT, SIGTERM or SIGHUP',
    usage: 'wrong usage',
    invalidInput:
      'the manifest, or the file with the token, with webhooks or with the settings of the fleet, is missing or invalid',
    cannotStart: 'cannot start here: port in use, data directory held by another process',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    Reads the manifest, checks all of it, makes a job of each slice and listens. Started again on the
    same data directory it goes on where it was. A different manifest begins a new run and keeps the
    old one; so does replay runs start, without a restart.

    A job belongs to the host that claimed it until that falls silent for the time of --lease. A failed
    attempt is followed by another one, on another host where that makes sense, as often as --retries
    allows for the cause of the failure; a wrong hash is never retried.

    With --fleet FILE the hosts of that fleet can be looked at, launched and stopped over HTTP. With --autoscale
    MAX they are launched and stopped as the open jobs need them: never more than MAX, nor than the budget pays
    for. When serve ends, the hosts stay; it goes on with them when it is started again, and
    \`replay hosts down --all\` stops them. docs/aws.md has the whole of it.

    On a loopback address nobody is asked for a token until one is given or made; on any other address
    everybody is. Without --token or --token-file one is made and kept in the data directory, readable
    for its owner only. docs/security.md has the whole of it.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %> --config manifest.json',
    '<%= config.bin %> <%= command.id %> --config manifest.json --host 0.0.0.0 --order longest-first',
    '<%= config.bin %> <%= command.id %> --config manifest.json --host 10.0.0.5 --token-file /etc/replay/token',
  ];
  static override flags = {
    config: Flags.string({
      char: 'c',
      description: 'manifest: a JSON array of slices',
      env: 'REPLAY_CONFIG',
      helpValue: 'FILE',
      required: true,
    }),
    host: Flags.string({
      description: 'address to listen on',
      env: 'REPLAY_HOST',
      default: '127.0.0.1',
    }),
    port: Flags.integer({
      description: 'port to listen on; 0 takes a free one',
      env: 'REPLAY_PORT',
      default: 4000,
      min: 0,
      max: 65_535,
    }),
    'data-dir': Flags.string({
      description: 'where jobs and results are kept',
      env: 'REPLAY_DATA_DIR',
      helpValue: 'DIR',
      default: './replay-data',
    }),
    order: Flags.option({
      options: ['manifest', 'longest-first'] as const,
      description: 'in which order waiting jobs are handed out; longest-first goes by the number of blocks',
      env: 'REPLAY_ORDER',
      default: 'manifest' as const,
    })(),
    'update-config': Flags.boolean({
      description: 'write hashes that are learned back to the manifest file',
      env: 'REPLAY_UPDATE_CONFIG',
      default: true,
      allowNo: true,
    }),
    ...serveCareFlags,
    ...serveAutoscaleFlags,
    ...serveAccessFlags,
    ...serveNotifyFlags,
    'log-format': logFormatFlag,
    'log-level': logLevelFlag,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(Serve);
    const access = await serveAccess(flags, raw);
    const care = serveCare(flags);
    const notify = await serveNotify(flags, this.config.version);
    const settings = await serveFleet(flags, raw);
    const logger = createLogger({
      format: flags['log-format'],
      level: flags['log-level'],
      stream: process.stderr,
    });
    const fleet = settings && new ServedFleet(settings, flags, logger);
    const stop = onStopRequest();
    const file = ownProgramFile();
    // Loaded here: no other command needs a server, and each would start later for it.
    const { startOrchestrator } = await import('../core/orchestrator/start.ts');
    const orchestrator = await startOrchestrator({
      manifestPath: flags.config,
      host: flags.host,
      port: flags.port,
      dataDir: flags['data-dir'],
      order: flags.order,
      updateConfig: flags['update-config'],
      logger,
      checkNodeosOptions,
      reports,
      version: this.config.version,
      program: file === null ? null : programAt(file),
      fleet: fleet?.desk ?? null,
      ...access,
      ...care,
      ...notify,
    });
    const command = `${this.config.bin} work --orchestrator ${reachableAddress(flags.host, orchestrator.port)}`;
    process.stdout.write(`Orchestrator: ${orchestrator.url}\n${startLines(orchestrator.access, command)}`);
    const { signal } = stop;
    const { token } = access.access;
    const looked = fleet?.run({ orchestrator, token, signal });
    looked?.catch((error: unknown) => logger.error({ err: error }, 'the fleet cannot be looked after'));
    await new Promise<void>((resolve) => {
      if (stop.signal.aborted) resolve();
      else stop.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    logger.info({ event: 'stopping', signal: stop.received() }, 'stopping');
    // A launch that is under way is waited for: what it started has to be known.
    await looked?.catch(() => undefined);
    await orchestrator.close();
    stop.dispose();
  }
}

/** What a replay host has to dial. A wildcard address names no host: the reader has to fill it in. */
function reachableAddress(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `<address of this host>:${port}`;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
