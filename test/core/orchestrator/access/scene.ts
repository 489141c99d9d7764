import { createToken, revokeToken } from '../../../../src/core/orchestrator/access/manage-tokens.ts';
import type { Right } from '../../../../src/core/orchestrator/access/rights.ts';
import type { GuardClock } from '../../../../src/core/orchestrator/access/sign-in-guard.ts';
import { REFRESH_MS } from '../../../../src/core/orchestrator/access/token-list.ts';
import type { OrchestratorOptions } from '../../../../src/core/orchestrator/start.ts';
import { chain, serve, type Running } from '../harness.ts';

export const SERVE_TOKEN = 'the-token-of-serve-itself-0123456789';

/** A clock that stands still, but for what is asked of it; nobody waits by it. */
export class InstantClock implements GuardClock {
  at = 0;
  readonly slept: number[] = [];

  now(): number {
    return this.at;
  }

  async sleep(ms: number): Promise<void> {
    this.slept.push(ms);
  }
}

export interface Guarded {
  server: Running;
  clock: InstantClock;
  /** Makes a token that is in force at once. */
  token: (rights: Right[], validForMs?: number) => Promise<{ token: string; id: string }>;
  revoke: (id: string) => Promise<void>;
}

/** An orchestrator on loopback that asks for a token. */
export async function guarded(options: Partial<OrchestratorOptions> = {}, slices = 3): Promise<Guarded> {
  const clock = new InstantClock();
  const access = { token: SERVE_TOKEN, noAuth: false, allowedHosts: [] };
  const server = await serve(chain(slices), { access, signInClock: clock, ...options });
  const lookAgain = () => void (clock.at += REFRESH_MS);
  return {
    server,
    clock,
    token: async (rights, validForMs) => {
      const request = { name: null, rights, validForMs: validForMs ?? null };
      const { token, stored } = await createToken(server.dataDir, request, server.clock.now);
      lookAgain();
      return { token, id: stored.id };
    },
    revoke: async (id) => {
      await revokeToken(server.dataDir, id);
      lookAgain();
    },
  };
}

export const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

export const basic = (user: string, token: string) => ({
  Authorization: `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`,
});
