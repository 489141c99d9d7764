import type { AttemptEvidence } from '../../../src/core/protocol/attempt-evidence.ts';
import type { EvidenceOfJob } from '../../../src/core/evidence/evidence.ts';
import { attemptRecord } from '../protocol/records.ts';
import { aJob, aSummary } from '../report/builders.ts';

/** What a worker told of an attempt that crashed, unless something else is said. */
export function anEvidence(changes: Partial<AttemptEvidence> = {}): AttemptEvidence {
  return {
    replay_version: '0.1.0',
    directory: '/work/attempts/job-7-attempt-1',
    host: {
      hostname: 'host-1',
      os: 'Debian GNU/Linux 12 (bookworm)',
      kernel: '6.1.0',
      arch: 'x64',
      cpu_model: 'AMD EPYC',
      cpus: 8,
      memory_total: 68_719_476_736,
    },
    nodeos: {
      path: '/work/nodeos/leap-5.0.2/usr/bin/nodeos',
      version: 'v5.0.2',
      full_version: 'v5.0.2-0123456789',
      product: 'leap',
      stand_in: false,
      sha256: '12'.repeat(32),
      bytes: 1000,
      package: 'https://github.com/AntelopeIO/leap/releases/download/v5.0.2/leap_5.0.2_amd64.deb',
    },
    start: { kind: 'snapshot', location: 's3://bucket/snapshots/a.bin.zst', bytes: 1024, sha256: null },
    blocks: {
      location: 's3://bucket/blocks',
      first: 1001,
      last: 3000,
      files: [{ name: 'blocks-1001-3000.log', from: 'blocks-0001001-0003000.log.zst', bytes: 10 }],
    },
    peers: [],
    commands: [
      {
        purpose: 'replay',
        arguments: [
          '--snapshot',
          '/work/attempts/job-7-attempt-1/snapshot.bin',
          '--data-dir',
          '/work/attempts/job-7-attempt-1/data',
          '--terminate-at-block',
          '3000',
        ],
        config_ini: 'plugin = eosio::chain_api_plugin\n',
      },
    ],
    ...changes,
  };
}

/** Job 7, whose first attempt crashed. */
export function anInput(changes: Partial<EvidenceOfJob> = {}): EvidenceOfJob {
  const attempt = attemptRecord({
    number: 1,
    worker_id: 'host-1',
    end_time: '2026-11-22T11:00:00',
    outcome: 'ERROR',
    error_cause: 'nodeos-crash',
    error_message: 'nodeos was ended by SIGSEGV',
    last_block_processed: 2500,
    nodeos_version: 'v5.0.2',
  });
  return {
    job: aJob({
      job_id: 7,
      replay_slice_id: 7,
      status: 'ERROR',
      verdict: null,
      actual_integrity_hash: null,
      attempts: [attempt],
    }),
    attempt: 1,
    run: aSummary({ run_id: 3 }),
    before: [],
    after: [],
    logs: new Map([[1, 'a line\nanother\n']]),
    evidence: new Map([[1, anEvidence()]]),
    ...changes,
  };
}
