import { AttemptFailure } from '../domain/attempt-failure.ts';
import { isPortFree } from '../net/free-port.ts';
import { reservePorts } from '../../nodeos/driver/ports.ts';
import { lifeline } from '../../nodeos/process/process-lifeline.ts';
import { failed, ok, warning } from './finding.ts';
import type { Finding } from './finding.ts';
import { readLimits, readMemory, readSystem, readTool } from './host-facts.ts';
import {
  judgeDpkgDeb,
  judgeFileSize,
  judgeMemory,
  judgeOpenFiles,
  judgeSetpriv,
  judgeSystem,
  judgeZstd,
} from './judge-host.ts';
import type { Role } from './judge-host.ts';
import type { Check } from './run-checks.ts';

/** nodeos has one for HTTP and one for p2p. */
const PORTS_OF_NODEOS = 2;

export interface HostOptions {
  role: Role;
  nodeosGiven: boolean;
  /** On which `serve` would listen. */
  servePort: number;
}

/** What is asked of the machine, whoever the orchestrator is. */
export function hostChecks({ role, nodeosGiven, servePort }: HostOptions): Check[] {
  const common: Check[] = [
    { id: 'memory', run: async () => judgeMemory(await readMemory()) },
    { id: 'open-files', run: async () => judgeOpenFiles(await readLimits(), role) },
  ];
  if (role === 'serve') return [...common, { id: 'ports', run: () => checkServePort(servePort) }];
  return [
    { id: 'system', run: async (signal) => judgeSystem(await readSystem(signal), nodeosGiven) },
    ...common,
    { id: 'file-size', run: async () => judgeFileSize(await readLimits()) },
    { id: 'dpkg-deb', run: async (signal) => judgeDpkgDeb(await readTool('dpkg-deb', signal), nodeosGiven) },
    { id: 'zstd', run: async (signal) => judgeZstd(await readTool('zstd', signal)) },
    { id: 'setpriv', run: async () => judgeSetpriv((await lifeline()).length > 0) },
    { id: 'ports', run: checkNodeosPorts },
  ];
}

async function checkNodeosPorts(): Promise<Finding> {
  try {
    const reserved = await reservePorts(PORTS_OF_NODEOS, Math.random);
    reserved.release();
    return ok(
      `Two free ports for nodeos were found on the loopback address (${reserved.ports.join(' and ')})`,
    );
  } catch (error) {
    if (!(error instanceof AttemptFailure)) throw error;
    return failed(error.message, error.hint ?? 'See what listens on this host: ss -tlnp.');
  }
}

async function checkServePort(port: number): Promise<Finding> {
  if (await isPortFree(port)) return ok(`Nobody listens on port ${port}`, { port });
  return warning(
    `Somebody listens on port ${port} already`,
    'Nothing, if that is the orchestrator you mean; else see ss -tlnp, or give serve another --port.',
    { port },
  );
}
