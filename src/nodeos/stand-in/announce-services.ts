import { randomBytes } from 'node:crypto';
import { existsSync, statfsSync } from 'node:fs';
import { type Api, apiUrls } from './api-urls.ts';
import { archiveFolder, strideFolder } from './block-log.ts';
import { type Run, say } from './run.ts';

/** Announces the endpoints of one API, if its plugin is configured. */
export function announceUrls(run: Run, apis: readonly Api[], api: Api): void {
  if (!apis.includes(api)) return;
  const address = run.options.value('http-server-address') ?? '';
  for (const { category, path } of apiUrls(api, run.form.product)) {
    say(run, 'apiUrl', `add ${category} api url: ${path} on ${address} `);
  }
}

/** Announces the node's id, and that it takes no transactions. */
export function announceNetwork(run: Run): void {
  say(run, 'nodeId', `my node_id is ${randomBytes(32).toString('hex')}`);
  if (run.options.isOn('p2p-accept-transactions')) return;
  const stars = '*'.repeat(35);
  const lines = [stars, '* p2p-accept-transactions = false *', '*    Transactions not forwarded   *', stars];
  say(run, 'noTransactions', `\n${lines.join('\n')}\n`);
}

/** Announces the file systems that the resource monitor watches. */
export function announceFileSystems(run: Run): void {
  const { dataDir } = run.options;
  const retained = strideFolder(run.options, run.blocksFolder);
  const ofBlocks = [
    ...[retained ?? `${run.blocksFolder}/retained`].filter(
      (folder) => existsSync(folder) && folder !== run.blocksFolder,
    ),
    `${run.blocksFolder}/reversible`,
    ...(retained === null ? [] : [archiveFolder(run.options, run.blocksFolder)]),
  ];
  const all = [run.blocksFolder, ...ofBlocks, run.stateFolder.folder];
  const again = [
    `${dataDir}/snapshots`,
    dataDir,
    `${dataDir}/snapshots`,
    run.blocksFolder,
    run.stateFolder.folder,
  ];
  for (const [index, folder] of [...all, ...again].entries()) {
    say(run, 'fileSystem', `${folder}'s file system to be monitored`);
    if (index > 0) continue;
    const { blocks, bsize } = statfsSync(dataDir);
    const capacity = Math.floor((blocks * bsize) / 2 ** 30);
    const threshold = Number(run.options.value('resource-monitor-space-threshold'));
    const left = Math.floor((capacity * (100 - threshold)) / 100);
    const sizes = `shutdown_available: ${left} GiB, capacity: ${capacity} GiB, threshold: ${threshold}%`;
    say(run, 'fileSystemSize', `${folder}'s file system monitored. ${sizes}`);
  }
}
