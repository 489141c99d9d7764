import { join } from 'node:path';
import { type Chain, type Ended, type RunHooks, freePort, putConfig, realLog, run } from './support.ts';

/** What one recorded run is repeated with. */
export interface Repetition {
  readonly chain: Chain;
  /** Path of the recorded log below `logs/`, without its ending. */
  readonly name: string;
  /** Folder for everything; its `data` is the data directory. */
  readonly folder: string;
  readonly snapshot?: string;
  readonly genesis?: string;
  readonly hooks?: RunHooks;
  readonly faults?: string;
  /** A port to use in place of a free one. */
  readonly httpPort?: number;
  readonly peer?: string;
  /** Arguments and lines of config.ini that the recorded list of options does not show. */
  readonly moreArguments?: readonly string[];
  readonly moreConfig?: readonly string[];
}

export interface Compared extends Ended {
  /** Lines of both logs with times, paths, ids of nodes and figures of speed masked. */
  readonly got: string[];
  readonly real: string[];
}

/**
 * Runs the stand-in as the recorded log says that nodeos was run - its own list of options tells the command
 * line and the configuration - and returns both logs, masked.
 */
export async function repeat(repetition: Repetition): Promise<Compared> {
  const { chain, name, folder } = repetition;
  const product = chain === 'spring-1.2.2' ? 'spring' : 'leap';
  const recorded = realLog(chain, name);
  const listed = optionsOf(recorded);
  const config = listed.findIndex(([option]) => option === 'http-server-address');
  const cut = config < 0 ? listed.length : config;
  const places = new Map([
    ['data-dir', join(folder, 'data')],
    ['config-dir', join(folder, 'config')],
    ['snapshot', repetition.snapshot ?? join(folder, 'none.bin')],
    ['genesis-json', repetition.genesis ?? join(folder, 'none.json')],
    ['http-server-address', `127.0.0.1:${repetition.httpPort ?? (await freePort())}`],
    ['p2p-listen-endpoint', `127.0.0.1:${await freePort()}`],
    ['p2p-peer-address', repetition.peer ?? '127.0.0.1:1'],
  ]);
  const placed = listed.map(([option, value]) => [option, places.get(option) ?? value] as const);
  const argv = placed
    .slice(0, cut)
    .flatMap(([option, value]) => [`--${option}`, ...(value === null ? [] : [value])]);
  argv.push(...(repetition.moreArguments ?? []));
  const lines = placed
    .slice(cut)
    .map(([option, value]) => `${option} = ${value}`)
    .concat(repetition.moreConfig ?? []);
  const isFresh = recorded.includes('Saved default specification');
  if (config >= 0 || !isFresh) putConfig(join(folder, 'config'), lines, isFresh ? null : product);
  const env = {
    REPLAY_STAND_IN_VERSION: chain.replace(/^\w+-/, ''),
    REPLAY_STAND_IN_FAULTS: repetition.faults ?? '',
  };
  const ended = await run(argv, env, repetition.hooks);
  return { ...ended, got: masked(ended.stderr), real: masked(recorded) };
}

/** The options of a recorded run, in the order of its last list of them. */
function optionsOf(log: string): [string, string | null][] {
  const text =
    log
      .match(/Non-default options: (.*)/g)
      ?.at(-1)
      ?.replace('Non-default options: ', '') ?? '';
  return text
    .split(', ')
    .filter((part) => part !== '')
    .map((part) => {
      const [option = '', value = null] = part.split(' = ');
      return [option, value];
    });
}

/** Lines that depend on the machine, the moment and a folder that the recorder kept beside are left out. */
const LEFT_OUT = /Checktime timer accuracy|blocks\.src/;
/** Threads of the network plugin come in any order. */
const NETWORK = /^\S+ +\S+ net-\d /;

function masked(log: string): string[] {
  let text = log;
  for (const [option, value] of optionsOf(log)) {
    if (value === null || !value.includes('/')) continue;
    text = text.replaceAll(value, `<${option}>`);
  }
  for (const option of ['http-server-address', 'p2p-listen-endpoint', 'p2p-peer-address']) {
    const value = optionsOf(log).find(([name]) => name === option)?.[1];
    if (typeof value === 'string') text = text.replaceAll(value, `<${option}>`);
  }
  return text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+ (?=nodeos|net-)/g, '<time> ')
    .replaceAll(/nodeos version \S+ \S+/g, 'nodeos version <version>')
    .replaceAll(/my node_id is \w+/g, 'my node_id is <id>')
    .replaceAll(/blocks in \d+ seconds, \S+ ms/g, 'blocks in <time>')
    .replaceAll(/load time was \d+s/g, 'load time was <time>')
    .replaceAll(/shutdown_available: .*/g, '<sizes>')
    .replaceAll(/ \[trxs: .*/g, ' [<figures>]')
    .replaceAll(/\S*libraries\/appbase/g, '<source>')
    .split('\n')
    .filter((line) => !LEFT_OUT.test(line) && !NETWORK.test(line));
}
