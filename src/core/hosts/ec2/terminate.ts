import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { UserError } from '../../domain/user-error.ts';
import type { DownResult, HostRemark, ProvidedHost } from '../provider.ts';
import type { Ec2Connection } from './client.ts';
import { codeOf, ec2Error, harmless } from './ec2-error.ts';

/** EC2 takes up to 1000; a smaller batch has less that one bad instance holds up. */
const BATCH = 100;

/** A new instance may be unknown to TerminateInstances for so long. */
const YOUNG_MS = 5 * 60_000;
const YOUNG_TRIES = 10;

export interface TerminatePorts {
  readonly connection: Ec2Connection;
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
}

type Ended = Pick<DownResult, 'stopped' | 'failed'>;

/**
 * Ends instances. One that EC2 does not let go (termination protection, say) holds up no other, nor does a request
 * that fails. One that it does not know is asked for again while it is young, and has ended long ago when it is not.
 * @throws UserError when none could be ended for a reason that is the same for all
 */
export async function terminate(ports: TerminatePorts, hosts: readonly ProvidedHost[]): Promise<Ended> {
  const stopped: string[] = [];
  const failed: HostRemark[] = [];
  const errors: UserError[] = [];
  for (let at = 0; at < hosts.length; at += BATCH) {
    const batch = hosts.slice(at, at + BATCH);
    try {
      const result = await endBatch(ports, batch);
      stopped.push(...result.stopped);
      failed.push(...result.failed);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      errors.push(error);
      failed.push(...batch.map(({ id }) => ({ id, reason: error.message })));
    }
  }
  const [first] = errors;
  // Nothing was done: what is to be mended is said once.
  if (first !== undefined && stopped.length === 0) throw first;
  return { stopped, failed };
}

async function endBatch(ports: TerminatePorts, batch: readonly ProvidedHost[]): Promise<Ended> {
  try {
    await ask(ports, batch);
    return { stopped: batch.map(({ id }) => id), failed: [] };
  } catch (error) {
    const [first] = batch;
    if (batch.length > 1 && isOfOne(error)) return oneByOne(ports, batch);
    if (!isOfOne(error) || first === undefined) {
      throw ec2Error('TerminateInstances', error, ports.connection.endpoint);
    }
    return endOne(ports, first, error);
  }
}

async function oneByOne(ports: TerminatePorts, batch: readonly ProvidedHost[]): Promise<Ended> {
  const results: Ended[] = [];
  for (const host of batch) results.push(await endBatch(ports, [host]));
  return {
    stopped: results.flatMap(({ stopped }) => stopped),
    failed: results.flatMap(({ failed }) => failed),
  };
}

async function endOne(ports: TerminatePorts, host: ProvidedHost, first: unknown): Promise<Ended> {
  const isYoung = ports.now() - (host.launchedAt ?? 0) < YOUNG_MS;
  const error = isUnknown(first) && isYoung ? await untilKnown(ports, host, first) : first;
  if (error === null || (isUnknown(error) && !isYoung)) return { stopped: [host.id], failed: [] };
  const reason = `${harmless((error as Error).message)} (${codeOf(error)})`;
  return { stopped: [], failed: [{ id: host.id, reason }] };
}

/** @returns null when it is ending; else the last error */
async function untilKnown(ports: TerminatePorts, host: ProvidedHost, first: unknown): Promise<unknown> {
  let error = first;
  for (let attempt = 1; attempt <= YOUNG_TRIES; attempt += 1) {
    await ports.sleep(Math.min(500 * attempt, 3000));
    try {
      await ask(ports, [host]);
      return null;
    } catch (again) {
      error = again;
      if (!isUnknown(again)) break;
    }
  }
  return error;
}

async function ask({ connection }: TerminatePorts, hosts: readonly ProvidedHost[]): Promise<void> {
  await connection.client.send(new TerminateInstancesCommand({ InstanceIds: hosts.map(({ id }) => id) }));
}

/** The request failed because of single instances, and would not for others. */
function isOfOne(error: unknown): boolean {
  return (
    isUnknown(error) ||
    /^(OperationNotPermitted|IncorrectInstanceState|UnsupportedOperation)$/.test(codeOf(error))
  );
}

function isUnknown(error: unknown): boolean {
  return codeOf(error).startsWith('InvalidInstanceID');
}
