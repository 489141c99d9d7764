import { describe, expect, test } from 'vitest';
import {
  delayAfter,
  SignInGuard,
  type Checked,
  type GuardClock,
} from '../../../../src/core/orchestrator/access/sign-in-guard.ts';
import type { Found } from '../../../../src/core/orchestrator/access/token-list.ts';
import { hashToken } from '../../../../src/core/orchestrator/access/token.ts';

/** Time passes only by `advance`. */
class ManualClock implements GuardClock {
  #now = 0;
  #waiting: { at: number; wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.#waiting.push({ at: this.#now + ms, wake }));
  }

  async advance(ms: number): Promise<void> {
    this.#now += ms;
    const due = this.#waiting.filter(({ at }) => at <= this.#now);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.#now);
    for (const { wake } of due) wake();
    await settled();
  }
}

/** Everything that only waited for promises has happened. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

const RIGHT = hashToken('right');
const WRONG = hashToken('wrong');
const find = (hash: Buffer) => (): Found =>
  hash.equals(RIGHT)
    ? {
        kind: 'valid',
        grant: { tokenName: null, tokenId: 't', rights: ['read'], expiresAt: null, joins: false },
      }
    : { kind: 'unknown' };

function scene() {
  const clock = new ManualClock();
  const guard = new SignInGuard(clock);
  const looked: Buffer[] = [];
  const attempt = (address: string, hash: Buffer) => {
    const answers: Checked[] = [];
    void guard
      .check(address, hash, () => {
        looked.push(hash);
        return find(hash)();
      })
      .then((answer) => answers.push(answer));
    return answers;
  };
  return { clock, attempt, looked };
}

describe('failed sign-ins', () => {
  test('wait ever longer for their answer, up to four seconds', () => {
    expect([1, 2, 3, 4, 5, 6, 100, 5000].map(delayAfter)).toEqual([
      250, 500, 1000, 2000, 4000, 4000, 4000, 4000,
    ]);
  });

  test('are answered when their time has passed, not before', async () => {
    const { clock, attempt } = scene();
    const first = attempt('10.0.0.1', WRONG);
    await clock.advance(249);
    expect(first).toEqual([]);
    await clock.advance(1);
    expect(first).toEqual([{ kind: 'failed', reason: 'unknown', failures: 1 }]);
    const second = attempt('10.0.0.1', WRONG);
    await clock.advance(499);
    expect(second).toEqual([]);
    await clock.advance(1);
    expect(second).toEqual([{ kind: 'failed', reason: 'unknown', failures: 2 }]);
  });

  test('of another address are not slowed down by them', async () => {
    const { clock, attempt } = scene();
    for (let n = 0; n < 4; n += 1) {
      attempt('10.0.0.1', WRONG);
      await clock.advance(4000);
    }
    const other = attempt('10.0.0.2', WRONG);
    await clock.advance(250);
    expect(other).toHaveLength(1);
  });

  test('are forgotten after a quarter of an hour', async () => {
    const { clock, attempt } = scene();
    attempt('10.0.0.1', WRONG);
    attempt('10.0.0.1', WRONG);
    await clock.advance(15 * 60_000);
    const later = attempt('10.0.0.1', WRONG);
    await clock.advance(250);
    expect(later).toEqual([{ kind: 'failed', reason: 'unknown', failures: 1 }]);
  });

  test('more than four at a time from one address are not even looked at', async () => {
    const { clock, attempt, looked } = scene();
    for (let n = 0; n < 4; n += 1) attempt('10.0.0.1', WRONG);
    const fifth = attempt('10.0.0.1', hashToken('another'));
    // Not even when it is right: else an attacker would learn it by trying all at once.
    const guessed = attempt('10.0.0.1', RIGHT);
    await settled();
    expect([fifth, guessed]).toEqual([
      [{ kind: 'too-many', retryAfterSeconds: 4 }],
      [{ kind: 'too-many', retryAfterSeconds: 4 }],
    ]);
    expect(looked).toHaveLength(4);
    await clock.advance(4000);
    const again = attempt('10.0.0.1', RIGHT);
    await settled();
    expect(again).toEqual([expect.objectContaining({ kind: 'valid' })]);
  });

  test('do not keep hosts out that were let in from the same address before', async () => {
    const { attempt } = scene();
    attempt('10.0.0.1', RIGHT);
    await settled();
    for (let n = 0; n < 10; n += 1) attempt('10.0.0.1', WRONG);
    const host = attempt('10.0.0.1', RIGHT);
    await settled();
    expect(host).toEqual([expect.objectContaining({ kind: 'valid' })]);
  });

  test('all addresses of an IPv6 network count as one', async () => {
    const { attempt } = scene();
    for (let n = 0; n < 4; n += 1) attempt(`2001:db8::${n}`, WRONG);
    const fifth = attempt('2001:db8::ffff', WRONG);
    await settled();
    expect(fifth).toEqual([{ kind: 'too-many', retryAfterSeconds: 4 }]);
  });

  test('from very many addresses hold at most 256 answers back', async () => {
    const { clock, attempt } = scene();
    const answers = Array.from({ length: 1000 }, (_, n) =>
      attempt(`10.0.${Math.floor(n / 250)}.${n % 250}`, WRONG),
    );
    await settled();
    expect(answers.filter((answer) => answer[0]?.kind === 'too-many')).toHaveLength(1000 - 256);
    await clock.advance(250);
    expect(answers.filter((answer) => answer[0]?.kind === 'failed')).toHaveLength(256);
  });
});
