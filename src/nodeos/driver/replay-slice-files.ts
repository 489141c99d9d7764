import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configIni } from '../config/config-ini.ts';
import type { ConfigRequest } from '../config/config-ini.ts';
import { toArguments } from '../options/options.ts';
import type { SliceRun } from './replay-slice-types.ts';

/** Where things are in the folder of an attempt. */
export function placesOf(directory: string) {
  return {
    data: join(directory, 'data'),
    blocks: join(directory, 'data', 'blocks'),
    log: join(directory, 'log'),
  };
}

/** Writes the configuration of one run of nodeos; returns the folder that it is in. */
export async function writeConfig(
  run: SliceRun,
  purpose: ConfigRequest['purpose'],
  ports: readonly number[],
) {
  const folder = join(run.directory, `config-${purpose}`);
  const text = configIni({
    purpose,
    product: run.product,
    httpPort: ports[0]!,
    p2pPort: ports[1]!,
    hasBlockFiles: run.hasBlockFiles,
    peers: run.peers,
    userLines: run.configLines,
  });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.ini'), text);
  return folder;
}

/**
 * Makes the folders, and removes what an earlier nodeos may have left in them: with a state there it
 * refuses a snapshot, with a fork database or a current block log it fails or waits for ever.
 */
export async function prepareFolders({ directory }: SliceRun): Promise<void> {
  const { data, blocks, log } = placesOf(directory);
  await mkdir(blocks, { recursive: true });
  await mkdir(log, { recursive: true });
  const leftovers = [
    join(data, 'state'),
    ...['reversible', 'blocks.log', 'blocks.index'].map((n) => join(blocks, n)),
  ];
  for (const path of leftovers) await rm(path, { recursive: true, force: true });
}

/**
 * Removes the block log, all of it but the fork database: with blocks beyond the end there a restarted
 * nodeos replays on, and without `blocks/reversible` it does not start.
 */
export async function removeBlockLog({ directory }: SliceRun): Promise<void> {
  const { blocks } = placesOf(directory);
  for (const name of await readdir(blocks)) {
    if (name !== 'reversible') await rm(join(blocks, name), { recursive: true, force: true });
  }
}

/** The command line of the replay. Pure. */
export function replayArguments(run: SliceRun, configFolder: string): string[] {
  const start = run.start.kind === 'snapshot' ? '--snapshot' : '--genesis-json';
  return [
    start,
    run.start.path,
    ...commonArguments(run, configFolder),
    '--terminate-at-block',
    String(run.endBlock),
    '--integrity-hash-on-start',
    '--integrity-hash-on-stop',
    ...toArguments(run.options),
  ];
}

/** The command line of the read-only restart: no snapshot, no end, and no hash but the one that is asked for. Pure. */
export function restartArguments(run: SliceRun, configFolder: string): string[] {
  return [...commonArguments(run, configFolder), ...toArguments(run.options)];
}

function commonArguments({ directory }: SliceRun, configFolder: string): string[] {
  return ['--data-dir', placesOf(directory).data, '--config-dir', configFolder];
}
