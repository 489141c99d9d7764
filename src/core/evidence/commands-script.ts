import type { AttemptEvidence, EvidenceCommand } from '../protocol/attempt-evidence.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';
import { hasSecrets, maskUrl } from './mask.ts';
import { plain, quote } from './shell.ts';

/** What nodeos is given when the worker did not tell its own: replay's usual configuration, as far as it matters here. */
export const USUAL_CONFIG = `# The worker did not report its config.ini. This is what replay usually writes.
plugin = eosio::chain_api_plugin
http-server-address = 127.0.0.1:18888
p2p-listen-endpoint = 127.0.0.1:19876
chain-state-db-size-mb = 131072
blocks-retained-dir = retained
max-retained-block-files = 100000
blocks-log-stride = 1000000
resource-monitor-space-threshold = 99
`;

/**
 * A script that repeats the attempt by hand, step by step: fetch, install, run, hashes. Whatever came from
 * a manifest or a worker is quoted.
 * @param evidence null: the worker told nothing, and the command line is what replay usually runs
 */
export function commandsScript(
  record: FullJobRecord,
  attempt: number,
  evidence: AttemptEvidence | null,
): string {
  const replay = evidence?.commands.find(({ purpose }) => purpose === 'replay') ?? null;
  const readOnly = evidence?.commands.find(({ purpose }) => purpose === 'read-only') ?? null;
  const directory = evidence?.directory ?? null;
  const steps = [
    ['fetch_start', fetchStart(record, evidence)],
    ['fetch_blocks', fetchBlocks(record, evidence)],
    ['install', install(record, evidence)],
    ['run', run(record, replay, directory)],
    ['hashes', HASHES],
    ...(readOnly === null ? [] : [['read_only_hash', readOnlyHash(readOnly, directory)]]),
  ] as [name: string, body: string][];
  const usual = steps.map(([name]) => name).filter((name) => name !== 'read_only_hash');
  return [
    HEAD,
    `# Repeats attempt ${attempt} of job ${record.job_id}: blocks ${record.start_block_num} to ${record.end_block_num}.`,
    ...(replay === null
      ? ['# The worker did not report its command line: this is what replay usually runs, and may differ.']
      : []),
    ...(hasSecrets(record)
      ? [
          '# Passwords and signatures were left out of the addresses below: put them back where they are needed.',
        ]
      : []),
    SETUP,
    ...steps.map(([name, body]) => `${name}() {\n${indent(body)}\n}\n`),
    `if [ $# -eq 0 ]; then set -- ${usual.join(' ')}; fi`,
    `for step in "$@"; do\n  case "$step" in\n    ${steps.map(([name]) => name).join(' | ')}) "$step" ;;\n    *) echo "no such step: $step" >&2; exit 2 ;;\n  esac\ndone`,
    '',
  ].join('\n');
}

const HEAD = '#!/usr/bin/env bash';

const SETUP = `#
# usage: bash commands.sh [step]...      all steps in their order, unless some are named
# WORK:   where files go (./reproduce)
# NODEOS: the program to run; "install" unpacks one unless this is set
set -euo pipefail
HERE=$(cd "$(dirname "\${BASH_SOURCE[0]}")" && pwd)
WORK=\${WORK:-$PWD/reproduce}
NODEOS=\${NODEOS:-}
mkdir -p "$WORK/data/blocks/retained" "$WORK/log"

# get FROM TO: from S3 (the aws program), HTTP or a disk; unpacks .zst
get() {
  case "$1" in
    s3://*) aws s3 cp "$1" "$2.part" ;;
    http://* | https://*) curl -fL --retry 3 -o "$2.part" "$1" ;;
    *) cp -- "$1" "$2.part" ;;
  esac
  case "$1" in
    *.zst) zstd -d -q -f --long=31 "$2.part" -o "$2" && rm "$2.part" ;;
    *) mv "$2.part" "$2" ;;
  esac
}
`;

const HASHES = `# The hash of the snapshot as nodeos loaded it, and that of the state at the end.
grep -hE 'chain database (started|stopped) with hash' "$WORK/log/replay.log"`;

function fetchStart(record: FullJobRecord, evidence: AttemptEvidence | null): string {
  const from = evidence?.start?.location ?? null;
  if (record.start_block_num === 0) {
    const genesis = from ?? record.genesis_path ?? record.snapshot_path;
    if (genesis === '')
      return note('Where the genesis file is, is not known: put it to "$WORK/genesis.json".');
    return `get ${quote(maskUrl(genesis))} "$WORK/genesis.json"`;
  }
  const sum = record.snapshot_sha256;
  const get = `get ${quote(maskUrl(from ?? record.snapshot_path))} "$WORK/snapshot.bin"`;
  return sum === null ? get : `# SHA-256 of the file as it is stored: ${plain(sum)}\n${get}`;
}

function fetchBlocks(record: FullJobRecord, evidence: AttemptEvidence | null): string {
  const folder = maskUrl(evidence?.blocks?.location ?? record.blocks_path ?? '');
  const files = evidence?.blocks?.files ?? [];
  if (files.length === 0) {
    return note(
      `Which block files the worker used is not known${folder === '' ? '' : ` (folder: ${plain(folder)})`}: put blocks-*.log that hold blocks ${record.start_block_num + 1} to ${record.end_block_num}, unpacked, into $WORK/data/blocks/retained.`,
    );
  }
  const base = folder.replace(/\/+$/u, '');
  return files
    .map(({ name, from }) => {
      const target = name.replaceAll(/[^\w.-]/gu, '_');
      return `get ${quote(`${base}/${from}`)} "$WORK/data/blocks/retained/"${quote(target)}`;
    })
    .join('\n');
}

function install(record: FullJobRecord, evidence: AttemptEvidence | null): string {
  const nodeos = evidence?.nodeos ?? null;
  const version = nodeos?.full_version ?? nodeos?.version ?? record.nodeos_version;
  const facts = [
    `nodeos: ${plain(version ?? record.spring_version ?? record.leap_version ?? 'of a version that is not known')}`,
    ...(nodeos?.sha256 ? [`SHA-256 of the program: ${plain(nodeos.sha256)}`] : []),
  ].map((fact) => `# ${fact}`);
  const from = nodeos?.package ?? null;
  if (from === null) {
    const where = nodeos?.path
      ? `The worker was given ${plain(nodeos.path)}`
      : 'Where it came from is not known';
    return [
      ...facts,
      'if [ -n "$NODEOS" ]; then return; fi',
      note(`${where}: name such a program in NODEOS.`),
      'return 1',
    ].join('\n');
  }
  return [
    ...facts,
    'if [ -n "$NODEOS" ]; then return; fi',
    `get ${quote(maskUrl(from))} "$WORK/nodeos.deb"`,
    'dpkg-deb -x "$WORK/nodeos.deb" "$WORK/nodeos"',
    `NODEOS=$(find "$WORK/nodeos" -type f -path '*/bin/nodeos' | head -n 1)`,
  ].join('\n');
}

function run(record: FullJobRecord, reported: EvidenceCommand | null, directory: string | null): string {
  const words =
    reported === null ? usualArguments(record) : reported.arguments.map((word) => place(word, directory));
  return [
    FIND_NODEOS,
    'rm -rf "$WORK/data/state" "$WORK/data/blocks/reversible"',
    'mkdir -p "$WORK/config-replay"',
    'cp "$HERE/config.ini" "$WORK/config-replay/config.ini"',
    `"$NODEOS" ${words.join(' ')} 2>&1 | tee "$WORK/log/replay.log"`,
  ].join('\n');
}

/** So that steps can be run one at a time. */
const FIND_NODEOS = `if [ -z "$NODEOS" ]; then NODEOS=$(find "$WORK/nodeos" -type f -path '*/bin/nodeos' 2>/dev/null | head -n 1); fi
if [ -z "$NODEOS" ]; then echo 'Name the program in NODEOS, or run the step "install".' >&2; return 1; fi`;

function readOnlyHash(reported: EvidenceCommand, directory: string | null): string {
  const port = /^http-server-address *= *[\d.]+:(?<port>\d{1,5})\s*$/mu.exec(reported.config_ini)?.groups?.[
    'port'
  ];
  return [
    '# Leap: nodeos is started again without the block log, holds still, and is asked. End it with Ctrl-C.',
    ...(port === undefined
      ? []
      : [`# Meanwhile, elsewhere: curl http://127.0.0.1:${port}/v1/producer/get_integrity_hash`]),
    FIND_NODEOS,
    'find "$WORK/data/blocks" -mindepth 1 -maxdepth 1 ! -name reversible -exec rm -rf {} +',
    'mkdir -p "$WORK/config-read-only"',
    'cp "$HERE/config-read-only.ini" "$WORK/config-read-only/config.ini"',
    `"$NODEOS" ${reported.arguments.map((word) => place(word, directory)).join(' ')}`,
  ].join('\n');
}

function usualArguments(record: FullJobRecord): string[] {
  const start =
    record.start_block_num === 0
      ? ['--genesis-json', '"$WORK/genesis.json"']
      : ['--snapshot', '"$WORK/snapshot.bin"'];
  const folders = ['--data-dir', '"$WORK/data"', '--config-dir', '"$WORK/config-replay"'];
  const end = ['--terminate-at-block', String(record.end_block_num)];
  const options = record.nodeos_options.map((option) =>
    quote(option.startsWith('-') ? option : `--${option}`),
  );
  return [...start, ...folders, ...end, '--integrity-hash-on-start', '--integrity-hash-on-stop', ...options];
}

/** A word of the worker's command line: a path in its folder becomes one in ours. */
function place(word: string, directory: string | null): string {
  if (directory !== null && directory !== '' && word.startsWith(`${directory}/`)) {
    return `"$WORK"${quote(word.slice(directory.length))}`;
  }
  return quote(word);
}

function note(text: string): string {
  return `echo ${quote(text)} >&2`;
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gmu, '  ');
}
