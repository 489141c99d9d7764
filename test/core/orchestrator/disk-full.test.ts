import { describe, expect, test } from 'vitest';
import { openGate } from '../../../src/core/orchestrator/access/open-gate.ts';
import { createApp } from '../../../src/core/orchestrator/http/app.ts';
import { listen } from '../../../src/core/orchestrator/http/listen.ts';
import { createContext } from '../../../src/core/orchestrator/create-context.ts';
import { routesOf } from '../../../src/core/orchestrator/routes/routes.ts';
import { diskFull, faultyDisk, openIn, slices, temporaryFolder, type DiskFaults } from '../store/support.ts';
import { recordingLogger } from './harness.ts';

describe('a full disk', () => {
  test('every change is 503 and changes nothing, reading works, and all is well when there is room again', async () => {
    const faults: DiskFaults = {};
    const { store } = await openIn(await temporaryFolder(), slices(2), faultyDisk(faults));
    const { logger } = recordingLogger();
    const context = await createContext({
      store,
      manifest: null,
      order: 'manifest',
      now: () => new Date(),
      logger,
      care: {},
    });
    const server = await listen(
      createApp(routesOf({ context } as never), { logger, gate: openGate({ loopback: true, names: [] }) }),
      '127.0.0.1',
      0,
    );
    const claim = async (etag: string) =>
      fetch(`${server.url}/job?jobid=1`, {
        method: 'POST',
        headers: { 'If-Match': etag, 'X-Replay-Worker': 'a' },
        body: '{"status": "STARTED"}',
      });

    const offered = await fetch(`${server.url}/job?nextjob`);
    const etag = offered.headers.get('etag') ?? '';
    faults.tornWrite = diskFull();
    const refused = await claim(etag);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await refused.text()).toBe('The change could not be stored, and nothing was changed');
    expect((await fetch(`${server.url}/job?jobid=1`)).headers.get('etag')).toBe(etag);

    faults.tornWrite = undefined;
    expect((await claim(etag)).status).toBe(200);
    expect(store.view.get(1)?.job).toMatchObject({ status: 'STARTED', workerId: 'a' });
    context.leases.close();
    await server.close(1000);
  });
});
