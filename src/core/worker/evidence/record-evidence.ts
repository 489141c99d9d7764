import { readFile, stat } from 'node:fs/promises';
import type { InstalledNodeos } from '../../../nodeos/install/install.ts';
import type { NodeosCommand, SliceRun, SliceStart } from '../../../nodeos/driver/replay-slice.ts';
import type { AttemptEvidence, EvidenceCommand } from '../../protocol/attempt-evidence.ts';
import type { FullJobRecord } from '../../protocol/full-record.ts';
import type { BlockFile } from '../../storage/block-files.ts';
import { describeLocation } from '../../storage/location.ts';
import type { AttemptTools } from '../attempt-work.ts';
import { locateJobFiles } from '../job-files.ts';
import type { ReadyBlocks } from '../prepare-blocks.ts';
import { buildFacts, hostOfAttempt } from './nodeos-facts.ts';

export interface RecorderOptions {
  job: FullJobRecord;
  /** Of this program; null: not known. */
  replayVersion: string | null;
  /** Where the nodeos of the job is installed from, without secrets; null: it was given to the worker. */
  packageOf(job: FullJobRecord): string | null;
  /** Called when there is more to tell: before each start of nodeos, and when it changed since. */
  onChange(evidence: AttemptEvidence): void;
}

/**
 * Notes down, while an attempt is at work, what is needed to repeat it. It stands between the attempt and its
 * tools and changes nothing of what they do; what it cannot find out is left out.
 */
export class EvidenceRecorder {
  readonly #options: RecorderOptions;
  #nodeos: InstalledNodeos | null = null;
  #build: ReturnType<typeof buildFacts> | null = null;
  #start: Promise<AttemptEvidence['start']> | null = null;
  #blocks: ReadyBlocks | null = null;
  #run: SliceRun | null = null;
  readonly #commands: EvidenceCommand[] = [];

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** The tools of the attempt, watched. */
  watch(tools: AttemptTools): AttemptTools {
    return {
      nodeos: async (job, context) => {
        const nodeos = await tools.nodeos(job, context);
        this.#nodeos = nodeos;
        // Beside the downloads, which take longer.
        this.#build = buildFacts(nodeos.path);
        return nodeos;
      },
      start: async (job, context) => {
        const start = await tools.start(job, context);
        this.#start = this.#describeStart(start);
        return start;
      },
      blocks: async (job, context) => (this.#blocks = await tools.blocks(job, context)),
      replay: (run) => {
        this.#run = run;
        return tools.replay({ ...run, onCommand: (command) => this.#note(command) });
      },
    };
  }

  /** What is known now; null when the attempt did not get as far as having a nodeos. */
  async tell(): Promise<AttemptEvidence | null> {
    if (this.#nodeos === null) return null;
    const { job, replayVersion } = this.#options;
    const { path, version, product, standIn } = this.#nodeos;
    const build = await this.#build;
    return {
      replay_version: replayVersion,
      directory: this.#run?.directory ?? null,
      host: await hostOfAttempt(),
      nodeos: {
        path,
        version,
        full_version: build?.fullVersion ?? null,
        product,
        stand_in: standIn,
        sha256: build?.sha256 ?? null,
        bytes: build?.bytes ?? null,
        package: this.#options.packageOf(job),
      },
      start: await this.#start,
      blocks: this.#describeBlocks(),
      peers: [...(this.#run?.peers ?? [])],
      commands: [...this.#commands],
    };
  }

  /** Before nodeos starts: its configuration is on the disk, and it will not be when the attempt is over. */
  async #note({ purpose, args, configFile }: NodeosCommand): Promise<void> {
    const config = await readFile(configFile, 'utf8').catch(() => '');
    this.#commands.push({ purpose, arguments: [...args], config_ini: maskConfig(config) });
    // nodeos does not wait for what is slow to find out, and no attempt fails over the notes about it.
    void this.tell().then(
      (evidence) => evidence && this.#options.onChange(evidence),
      () => undefined,
    );
  }

  async #describeStart({ kind, path }: SliceStart): Promise<AttemptEvidence['start']> {
    const { snapshot, genesis } = locateJobFiles(this.#options.job);
    const location = kind === 'snapshot' ? snapshot : genesis;
    return {
      kind,
      location: location && describeLocation(location),
      bytes: await stat(path).then(
        ({ size }) => size,
        () => null,
      ),
      sha256: kind === 'snapshot' ? this.#options.job.snapshot_sha256 : null,
    };
  }

  #describeBlocks(): AttemptEvidence['blocks'] {
    if (this.#blocks === null) return null;
    const files = this.#blocks.files ?? [];
    const { blocks } = locateJobFiles(this.#options.job);
    return {
      location: blocks && describeLocation(blocks),
      first: files[0]?.first ?? null,
      last: files.at(-1)?.last ?? null,
      files: files.flatMap(filesOf),
    };
  }
}

/** Options of plugins that the worker's owner may have switched on can hold keys. */
function maskConfig(text: string): string {
  return text.replaceAll(
    /^(\s*[^#\s=]*(?:private|password|secret|token|provider)[^\s=]*\s*=).*$/gimu,
    '$1 [redacted]',
  );
}

function filesOf({
  log,
  logName,
  index,
  indexName,
  size,
}: BlockFile): { name: string; from: string; bytes: number | null }[] {
  // The size is that of both together.
  const first = { name: logName, from: log, bytes: index === null ? size : null };
  return index === null ? [first] : [first, { name: indexName, from: index, bytes: null }];
}
