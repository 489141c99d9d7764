import type { BlockHeader } from './block-header.ts';
import { nameText, slotTime } from './block-header.ts';
import { type Fault, type FaultName, faultIn } from './faults.ts';
import { type Run, breathe, chainOf, endBlock, say, spoil } from './run.ts';
import type { HeadBlock } from './state-folder.ts';

/** Faults that happen when their block is reached. */
const AT_BLOCK = ['wrong-hash', 'crash', 'sigbus', 'oom', 'hang', 'exit-0', 'disk-full'] as const;

export function headOf(header: BlockHeader): HeadBlock {
  const { block, id, slot, producer } = header;
  return { block, id, time: slotTime(slot), producer: nameText(producer) };
}

/** Applies blocks one after the other: sets the head, keeps the pace, lets faults happen. */
export class Advance {
  readonly #run: Run;
  readonly #faults: readonly Fault[];
  readonly #since = Date.now();
  #count = 0;

  constructor(run: Run) {
    this.#run = run;
    const range = { start: chainOf(run).startBlock, end: endBlock(run) };
    this.#faults = AT_BLOCK.map((name: FaultName) => faultIn(run.settings.faults, name, range))
      .filter((found) => found !== null)
      .filter(({ block }) => block !== null);
  }

  get count(): number {
    return this.#count;
  }

  /** Milliseconds since the first block. */
  get elapsed(): number {
    return Date.now() - this.#since;
  }

  /** Makes the block the head. It may take its time, and it may never return (see faults). */
  async apply(head: HeadBlock): Promise<void> {
    this.#run.state = { ...chainOf(this.#run), head };
    this.#count += 1;
    for (const found of this.#faults) {
      if (found.block === head.block) await this.#happen(found.name);
    }
    await this.#keepPace();
  }

  async #keepPace(): Promise<void> {
    const rate = this.#run.settings.blocksPerSecond;
    const ahead = rate === null ? 0 : (this.#count / rate) * 1000 - this.elapsed;
    if (ahead > 10) await this.#run.quit.wait(ahead);
    else if (this.#count % 100 === 0) await breathe();
  }

  async #happen(name: FaultName): Promise<void> {
    const { io, quit } = this.#run;
    if (name === 'crash') io.die('SIGABRT');
    else if (name === 'sigbus') io.die('SIGBUS');
    else if (name === 'oom') io.die('SIGKILL');
    else if (name === 'hang') await quit.wait();
    else if (name === 'wrong-hash') spoil(this.#run, 'wrong-hash');
    else if (name === 'disk-full') announceFullDisk(this.#run);
    else quit.request();
  }
}

/** The resource monitor ends nodeos in order when the disk is too full; the exit code is 0. */
export function announceFullDisk(run: Run): void {
  const limit = run.options.value('resource-monitor-space-threshold');
  const text = `Space usage warning: ${run.blocksFolder}'s file system exceeded threshold ${limit}%, available: 0 GiB, Capacity: 0 GiB, shutdown_available: 0 GiB`;
  say(run, 'diskAlmostFull', text, 'warn');
  say(run, 'diskShutdown', 'Gracefully shutting down, exceeded file system configured threshold.', 'error');
  run.quit.request();
}
