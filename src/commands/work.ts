import { Flags } from '@oclif/core';
import { ExitCode } from '../core/domain/exit-codes.ts';
import { createLogger } from '../core/log/logger.ts';
import { parseOrchestrator } from '../core/protocol/client-address.ts';
import { systemClock } from '../core/worker/clock.ts';
import { beginLife, type Life } from '../core/worker/life/life.ts';
import { ownMetadata } from '../core/worker/life/own-metadata.ts';
import type { LoopEnd } from '../core/worker/loop.ts';
import { runWorker } from '../core/worker/run-worker.ts';
import { parsePrice } from '../core/worker/work-flags.ts';
import { BaseCommand } from './support/base-command.ts';
import { logFormatFlag, logLevelFlag, orchestratorFlag } from './support/flags.ts';
import { GIB, hostFlags } from './support/host-flags.ts';
import { listOf } from './support/list-flag.ts';
import { joinFileOf, lifeFlags, lifeTimes } from './support/life-flags.ts';
import { onStopRequest } from './support/signals.ts';
import { readToken, tokenFlags } from './support/token.ts';
import { describe, type ExitCodes } from './support/prose.ts';

/** From the request to stop to the end, in milliseconds: what asks us to stop kills us after ten seconds. */
const STOP_MS = 9000;

/** The same when the host ends by itself: EC2 leaves it two minutes. */
const HOST_ENDS_MS = 100_000;

/**
 * Whatever still holds us then (a disk that does not answer, the removal of a large state) is left to the
 * next start. nodeos does not outlive us.
 */
function endInTime(life: Life): void {
  const [code, ms] = life.ends() ? [ExitCode.hostEnds, HOST_ENDS_MS] : [ExitCode.interrupted, STOP_MS];
  setTimeout(() => process.exit(code), ms).unref();
}

/** Nothing that watches may keep the process, whether the worker ended well or not. */
async function closing(working: Promise<LoopEnd>, life: Life): Promise<LoopEnd> {
  try {
    return await working;
  } finally {
    await life.close();
  }
}

function codeOf(ended: LoopEnd, life: Life): ExitCode {
  switch (ended) {
    case 'interrupted':
      return life.ends() === null ? ExitCode.interrupted : ExitCode.hostEnds;
    case 'failed':
      return ExitCode.failed;
    case 'done':
      return ExitCode.ok;
    default:
      return ended satisfies never;
  }
}

export default class Work extends BaseCommand {
  static override summary = 'Take jobs from the orchestrator and replay them on this host.';
  static exitCodes: ExitCodes = {
    ok: 'done, with --once or --exit-when-drained',
    failed: 'with --once: the job failed',
    usage: 'wrong usage',
    invalidInput: 'the file of --nodeos-config is invalid',
    unreachable: 'the orchestrator could never be reached, or refuses',
    hostEnds:
      'no work for --idle-timeout, end of --max-lifetime, or EC2 takes the host back; the job was given back',
    cannotStart: 'cannot start here: directory held by another worker, too little disk, tool missing',
    bug: 'a defect of this program',
    interrupted: 'stopped by SIGINT, SIGTERM or SIGHUP; the job was given back',
  };

  static override description = describe(
    `
    Asks for the next job, installs nodeos, fetches the snapshot and the blocks, replays the slice and
    reports its hashes, then takes the next. Ctrl-C stops nodeos in order and gives the job back.

    Hosts that cost money end by themselves: after --idle-timeout without a job, also when the orchestrator
    is gone; at the age of --max-lifetime; and on EC2 when a spot instance is interrupted, or leaving it is
    recommended. The job is given back at once, and the exit code says so; what started the worker then
    ends the machine. docs/hosts.md has the whole of it.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %> --orchestrator 10.0.0.5',
    '<%= config.bin %> <%= command.id %> --orchestrator 10.0.0.5 --nodeos ./build/bin/nodeos --once',
    '<%= config.bin %> <%= command.id %> --orchestrator 10.0.0.5 --peer p2p.example.org:9876 --exit-when-drained',
  ];
  static override flags = {
    orchestrator: orchestratorFlag,
    ...tokenFlags,
    'data-dir': Flags.string({
      description: 'where this worker keeps downloads, chain state and logs; one worker a directory',
      env: 'REPLAY_WORK_DIR',
      helpValue: 'DIR',
      default: './replay-work',
    }),
    ...hostFlags,
    ...lifeFlags,
    once: Flags.boolean({ description: 'take one job, then stop', exclusive: ['exit-when-drained'] }),
    'exit-when-drained': Flags.boolean({
      description: 'stop when no job waits and none is held by any host',
    }),
    'worker-id': Flags.string({
      description:
        'name of this worker; by default the host name with a random part that is kept in the data directory',
      env: 'REPLAY_WORKER_ID',
      helpValue: 'ID',
    }),
    price: Flags.string({
      description: 'US dollars an hour that this host costs; the run adds up what its hosts have cost',
      env: 'REPLAY_PRICE',
      helpValue: 'USD',
    }),
    'progress-interval': Flags.integer({
      description: 'seconds between progress reports',
      env: 'REPLAY_PROGRESS_INTERVAL',
      helpValue: 'SECONDS',
      default: 10,
      min: 1,
      max: 3600,
    }),
    'nodeos-config': Flags.string({
      description: 'file of config.ini lines that go beyond or replace the built-in ones',
      env: 'REPLAY_NODEOS_CONFIG',
      helpValue: 'FILE',
    }),
    peer: Flags.string({
      description: 'p2p address that delivers blocks which no block file covers (repeatable)',
      env: 'REPLAY_PEER',
      helpValue: 'HOST:PORT',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'final-hash': Flags.option({
      options: ['auto', 'restart', 'on-stop'] as const,
      description: 'how the final hash is read; auto: Leap by a read-only restart, Spring when it stops',
      env: 'REPLAY_FINAL_HASH',
      default: 'auto' as const,
    })(),
    'load-timeout': Flags.integer({
      description:
        'seconds without a sign of life while the snapshot loads, before the attempt ends as stalled',
      env: 'REPLAY_LOAD_TIMEOUT',
      helpValue: 'SECONDS',
      default: 3 * 3600,
      min: 1,
    }),
    'stall-timeout': Flags.integer({
      description: 'seconds without a new block while replaying, before the attempt ends as stalled',
      env: 'REPLAY_STALL_TIMEOUT',
      helpValue: 'SECONDS',
      default: 900,
      min: 1,
    }),
    'hash-timeout': Flags.integer({
      description: 'seconds that the final hash may take, before the attempt ends as stalled',
      env: 'REPLAY_HASH_TIMEOUT',
      helpValue: 'SECONDS',
      default: 3 * 3600,
      min: 1,
    }),
    'log-format': logFormatFlag,
    'log-level': logLevelFlag,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(Work);
    const joinTokenFile = joinFileOf(flags, raw);
    const token = await readToken(flags, raw);
    const times = lifeTimes(flags);
    const pricePerHour = flags.price === undefined ? null : parsePrice(flags.price);
    const stop = onStopRequest();
    const logger = createLogger({
      format: flags['log-format'],
      level: flags['log-level'],
      stream: process.stderr,
    });
    const metadata = await ownMetadata(process.env);
    const dataDir = flags['data-dir'];
    const life = await beginLife({
      ...times,
      dataDir,
      metadata,
      clock: systemClock,
      logger,
      signal: stop.signal,
    });
    life.signal.addEventListener('abort', () => endInTime(life), { once: true });
    const working = runWorker({
      orchestrator: parseOrchestrator(flags.orchestrator),
      ...(token === null ? {} : { token }),
      joinTokenFile,
      busy: (isBusy) => life.busy(isBusy),
      instanceId: (await metadata?.get('instance-id').catch(() => null)) ?? null,
      dataDir,
      nodeosPath: flags.nodeos ?? null,
      once: flags.once,
      exitWhenDrained: flags['exit-when-drained'],
      workerId: flags['worker-id'] ?? null,
      version: this.config.version,
      pricePerHour,
      progressIntervalMs: flags['progress-interval'] * 1000,
      minFreeDiskBytes: flags['min-free-disk'] * GIB,
      nodeosConfigFile: flags['nodeos-config'] ?? null,
      peers: listOf(flags.peer),
      debUrlTemplate: flags['deb-url'] ?? null,
      finalHash: flags['final-hash'],
      limits: {
        loadMs: flags['load-timeout'] * 1000,
        replayStallMs: flags['stall-timeout'] * 1000,
        hashMs: flags['hash-timeout'] * 1000,
      },
      logger,
      signal: life.signal,
    });
    const ended = await closing(working, life);
    stop.dispose();
    process.exitCode = codeOf(ended, life);
  }
}
