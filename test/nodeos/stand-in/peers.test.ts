import { describe, expect, it } from 'vitest';
import { runSlice, sample, stopHash } from './sample.ts';
import { freePort, terminateAfter } from './support.ts';

/** A stand-in with the whole chain that serves it on its p2p port until `use` is over. */
async function withPeer<T>(
  blocks: number,
  use: (peer: string, made: Awaited<ReturnType<typeof sample>>) => Promise<T>,
  version = '1.2.2',
): Promise<T> {
  const made = await sample({ slices: 2, blocksPerSlice: blocks / 2, blocksBeyond: 0, version });
  const p2pPort = await freePort();
  let stop: () => void = () => {};
  const isOpen = Promise.withResolvers<void>();
  const peer = runSlice(made, {
    start: 0,
    end: 0,
    p2pPort,
    version,
    hooks: {
      onText: (text, signal) => {
        stop = () => signal('SIGTERM');
        if (text.includes('for API categories: all')) isOpen.resolve();
      },
    },
  });
  await isOpen.promise;
  const result = await use(`127.0.0.1:${p2pPort}`, made).finally(() => stop());
  await peer;
  return result;
}

describe('syncing from another stand-in', () => {
  it('reaches the end block, with one line for every thousandth block', async () => {
    await withPeer(2400, async (peer, made) => {
      const ended = await runSlice(made, {
        start: 1200,
        end: 2100,
        bare: true,
        config: [`p2p-peer-address = ${peer}`],
      });
      expect(ended.stderr).toMatch(
        /log_applied          \] Received block \w{16}\.\.\. #2000 @ \S+ signed by eosio \[trxs: 0, lib: /,
      );
      expect(ended.stderr.match(/Received block/g)).toHaveLength(1);
      expect(ended.stderr).toContain('Block 2100 reached configured maximum block 2100; terminating');
      expect(stopHash(ended)).toBe(made.chain.hashAt(2100));
      expect(ended.exit).toBe(0);
    });
  });

  it('leaves later blocks in the fork database: a restart that is not read-only moves past the end', async () => {
    await withPeer(400, async (peer, made) => {
      const config = [`p2p-peer-address = ${peer}`];
      const first = await runSlice(made, { start: 200, end: 300, bare: true, config });
      expect(first.stderr).toMatch(/Writing fork_database 19 blocks with root 300:\w+ and head 319:\w+/);
      const readOnly = ['p2p-accept-transactions = false', 'api-accept-transactions = false'];
      const again = { end: 0, folder: first.folder, hooks: terminateAfter() };
      const still = await runSlice(made, { ...again, config: readOnly });
      expect(still.stderr).toContain('fork database contains 19 blocks after head from 300 to 319');
      expect(stopHash(still)).toBe(made.chain.hashAt(300));
      expect(stopHash(await runSlice(made, again))).toBe(made.chain.hashAt(319));
    });
  });

  it('of Leap reads as that of Leap', async () => {
    await withPeer(
      2400,
      async (peer, made) => {
        const version = '5.0.3';
        const ended = await runSlice(made, {
          start: 1200,
          end: 2100,
          bare: true,
          version,
          config: [`p2p-peer-address = ${peer}`],
        });
        expect(ended.stderr).toMatch(/on_incoming_block    \] Received block \w{16}\.\.\. #2000 @ /);
        expect(ended.stderr).toContain(
          'push_block           ] Reached configured maximum block 2100; terminating',
        );
        expect(stopHash(ended)).toBe(made.chain.hashAt(2100));
        expect(ended.exit).toBe(0);
      },
      '5.0.3',
    );
  });

  it('from a peer that is behind waits for ever', async () => {
    await withPeer(2000, async (peer, made) => {
      const config = [`p2p-peer-address = ${peer}`];
      const hooks = terminateAfter('... #2000 @');
      const ended = await runSlice(made, { start: 1000, end: 2100, bare: true, config, hooks });
      expect(ended.stderr).not.toContain('reached configured maximum');
      expect(stopHash(ended)).toBe(made.chain.hashAt(2000));
    });
  });

  it('from a peer that is not there waits for ever', async () => {
    const config = ['p2p-peer-address = 127.0.0.1:1'];
    const hooks = terminateAfter('connection failed to 127.0.0.1:1, Connection refused');
    const made = await sample();
    const ended = await runSlice(made, { start: 100, end: 200, bare: true, config, hooks });
    expect(stopHash(ended)).toBe(made.chain.hashAt(100));
    expect(ended.exit).toBe(0);
  });

  it('after stride files goes on where they end', async () => {
    await withPeer(400, async (peer, made) => {
      const short = await sample({ slices: 1, blocksPerSlice: 200, blocksBeyond: 50 });
      const config = [`p2p-peer-address = ${peer}`];
      const ended = await runSlice(short, { start: 0, end: 390, config });
      expect(ended.stderr).toContain('249 irreversible blocks replayed from block log, chain head 250');
      expect(stopHash(ended)).toBe(made.chain.hashAt(390));
    });
  });
});
