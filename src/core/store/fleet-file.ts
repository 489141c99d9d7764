import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_PRICE, NO_FORMER_HOSTS, type FormerHosts, type HostAccount } from '../domain/cost.ts';
import { writeFileAtomically } from '../files/atomic-file.ts';

/** What is kept of a host. */
export interface KeptHost {
  readonly workerId: string;
  /** Wall clock, in milliseconds since 1970. */
  readonly firstSeen: number;
  readonly lastHeard: number;
  readonly account: HostAccount;
}

/** `fleet.json` of a run: its hosts, and what they have cost. */
export interface KeptFleet {
  readonly former: FormerHosts;
  readonly hosts: readonly KeptHost[];
}

/** The last that is written as a year of four digits. */
const LAST_MOMENT = Date.UTC(9999, 11, 31);

const NO_FLEET: KeptFleet = { former: NO_FORMER_HOSTS, hosts: [] };

/**
 * The hosts of a run as they were last written. Without a file there are none.
 * @throws Error when there is one that cannot be read or is not as it was written
 */
export async function readFleet(runFolder: string): Promise<KeptFleet> {
  const text = await readFile(fleetPath(runFolder), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return NO_FLEET;
  const fleet = JSON.parse(text) as KeptFleet;
  if (!isFleet(fleet)) throw new Error('it does not describe the hosts of a run');
  return fleet;
}

export async function writeFleet(runFolder: string, { former, hosts }: KeptFleet): Promise<void> {
  const kept = hosts.map(({ workerId, firstSeen, lastHeard, account }) => {
    return { workerId, firstSeen, lastHeard, account };
  });
  await writeFileAtomically(fleetPath(runFolder), `${JSON.stringify({ former, hosts: kept })}\n`);
}

function fleetPath(runFolder: string): string {
  return join(runFolder, 'fleet.json');
}

function isFleet(value: unknown): value is KeptFleet {
  if (!isObject(value) || !isObject(value['former']) || !Array.isArray(value['hosts'])) return false;
  const { usd, priced, unpriced } = value['former'];
  return [usd, priced, unpriced].every(isAmount) && value['hosts'].every(isHost);
}

function isHost(value: unknown): value is KeptHost {
  if (!isObject(value) || !isObject(value['account'])) return false;
  const { workerId, firstSeen, lastHeard } = value;
  const { pricePerHour, countedMs, unpricedMs, usd } = value['account'];
  const isPrice = pricePerHour === null || (isAmount(pricePerHour) && Number(pricePerHour) <= MAX_PRICE);
  const isTime = [firstSeen, lastHeard].every((time) => isAmount(time) && Number(time) <= LAST_MOMENT);
  return typeof workerId === 'string' && isPrice && isTime && [countedMs, unpricedMs, usd].every(isAmount);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
