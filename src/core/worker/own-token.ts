import { createHash, randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode } from '../domain/exit-codes.ts';
import { UserError } from '../domain/user-error.ts';
import { writeFileAtomically } from '../files/atomic-file.ts';
import type { OrchestratorClient } from '../protocol/client.ts';
import type { JoinAnswer } from '../protocol/join-record.ts';
import type { Clock } from './clock.ts';
import { watchContact } from './contact.ts';
import { createPause } from './pause.ts';

export interface JoinPorts {
  dataDir: string;
  /** May be gone: it is removed when it has been exchanged. */
  joinTokenFile: string;
  workerId: string;
  /** A client with this token. */
  clientWith: (token: string) => Pick<OrchestratorClient, 'baseUrl' | 'join'>;
  clock: Clock;
  signal: AbortSignal;
  notice: (text: string) => void;
}

/** What a host keeps of having joined, readable for its owner only. */
interface Kept {
  orchestrator: string;
  /** Of the join token, so that a new one is told from the old one that could not be removed. */
  joinSha256: string;
  /** null: the join token turned out to be one that needs no exchange, or none is asked for. */
  token: string | null;
}

/**
 * The token of this host: the one it has from an earlier start, or the one that it gets for the join token.
 * Killed at any point in between it gets the same one the next time, since its nonce is on the disk before it
 * asks. undefined: none is needed; null: told to stop before there was one.
 * @throws UserError when the orchestrator refuses, or there is neither a join token nor one of our own
 */
export async function ownToken(ports: JoinPorts): Promise<string | null | undefined> {
  const { dataDir, joinTokenFile, clientWith, notice } = ports;
  const path = join(dataDir, 'joined.json');
  const kept = await readKept(path);
  const joinToken = await readJoinToken(joinTokenFile);
  if (joinToken === null && kept === null) throw noToken(joinTokenFile);
  const { baseUrl } = clientWith('');
  if (joinToken === null || (kept?.joinSha256 === sha256(joinToken) && kept.orchestrator === baseUrl)) {
    if (kept?.orchestrator !== baseUrl) throw otherOrchestrator(kept?.orchestrator ?? '', baseUrl);
    await forget(ports);
    return kept.token ?? joinToken ?? undefined;
  }
  const given = await exchange(ports, joinToken);
  if (given === null) return null;
  const joined: Kept = {
    orchestrator: baseUrl,
    joinSha256: sha256(joinToken),
    token: given.token ?? joinToken,
  };
  await writeFileAtomically(path, `${JSON.stringify(joined)}\n`, { mode: 0o600 });
  await forget(ports);
  notice('This host has a token of its own now.');
  return joined.token ?? undefined;
}

/** null: told to stop. */
async function exchange(ports: JoinPorts, joinToken: string): Promise<JoinAnswer | null> {
  const { workerId, clientWith, signal } = ports;
  const client = clientWith(joinToken);
  const nonce = await keptNonce(noncePath(ports));
  const contact = watchContact({ ...ports, baseUrl: client.baseUrl }, false);
  const pause = createPause(ports);
  while (!signal.aborted) {
    const answer = await contact.ask(() => client.join({ nonce, name: workerId }, { signal }));
    if (answer !== 'no-answer') return answer;
    await pause(null);
  }
  return null;
}

function noncePath({ dataDir }: JoinPorts): string {
  return join(dataDir, 'join-nonce');
}

async function keptNonce(path: string): Promise<string> {
  const kept = (await readFile(path, 'utf8').catch(() => '')).trim();
  if (/^[A-Za-z0-9_-]{43}$/.test(kept)) return kept;
  const nonce = randomBytes(32).toString('base64url');
  await writeFileAtomically(path, `${nonce}\n`, { mode: 0o600 });
  return nonce;
}

/** The join token is of use to whoever finds it, and the nonce to whoever has both. */
async function forget(ports: JoinPorts): Promise<void> {
  const { joinTokenFile, notice } = ports;
  await rm(joinTokenFile, { force: true }).catch((error: Error) =>
    notice(`The join token in ${joinTokenFile} cannot be removed: ${error.message}.`),
  );
  await rm(noncePath(ports), { force: true });
}

async function readKept(path: string): Promise<Kept | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const { orchestrator, joinSha256, token } = JSON.parse(text) as Kept;
    if (typeof orchestrator !== 'string' || typeof joinSha256 !== 'string') return null;
    return { orchestrator, joinSha256, token: typeof token === 'string' ? token : null };
  } catch {
    return null;
  }
}

async function readJoinToken(file: string): Promise<string | null> {
  let text: string;
  try {
    text = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unusableFile(file, (error as Error).message);
  }
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw unusableFile(file, text === '' ? 'it is empty' : 'it contains more than a token');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function unusableFile(file: string, reason: string): UserError {
  return new UserError({
    code: 'JOIN_TOKEN_FILE',
    message: `The file of --join-token-file cannot be used: ${file}: ${reason}.`,
    hint: 'It contains a join token and nothing else. On the orchestrator: replay tokens create --join.',
    exitCode: ExitCode.invalidInput,
  });
}

function noToken(file: string): UserError {
  return unusableFile(file, 'there is no such file, and this host has not joined before');
}

function otherOrchestrator(joined: string, baseUrl: string): UserError {
  return new UserError({
    code: 'JOINED_ELSEWHERE',
    message: `This host has joined ${joined}, and its token is not sent to ${baseUrl}.`,
    hint: 'Give it a join token of this orchestrator.',
    exitCode: ExitCode.usage,
  });
}
