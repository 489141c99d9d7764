import type {
  DownResult,
  HostProvider,
  HostRemark,
  ProvidedHost,
  UpRequest,
} from '../../../../src/core/hosts/provider.ts';

export function aHost(fields: Partial<ProvidedHost> = {}): ProvidedHost {
  return {
    id: 'i-0000000000000001',
    state: 'running',
    launchedAt: 0,
    endedAt: null,
    type: 'c7a.4xlarge',
    zone: 'eu-west-1a',
    purchase: 'on-demand',
    pricePerHour: 1,
    address: null,
    run: null,
    orchestrator: null,
    workerId: null,
    reason: null,
    ...fields,
  };
}

/** Hosts that are nothing but entries of a list. */
export class MemoryProvider implements HostProvider {
  readonly name = 'local';
  hosts: ProvidedHost[];
  /** How many more can be had. */
  capacity = Number.POSITIVE_INFINITY;
  readonly calls: string[] = [];

  constructor(hosts: ProvidedHost[] = []) {
    this.hosts = hosts;
  }

  async up({ count }: UpRequest) {
    this.calls.push(`up ${count}`);
    const had = Math.min(count, this.capacity);
    this.capacity -= had;
    const started = Array.from({ length: had }, (_, index) =>
      aHost({ id: `h${this.hosts.length + index}`, state: 'starting' }),
    );
    this.hosts.push(...started);
    const missing = { zone: 'eu-west-1a', type: null, code: 'InsufficientInstanceCapacity', reason: 'full' };
    return { started, shortfalls: had < count ? [missing] : [] };
  }

  async list() {
    return [...this.hosts];
  }

  async down(_fleet: string, ids: readonly string[]): Promise<DownResult> {
    this.calls.push(`down ${ids.join(' ')}`);
    this.hosts = this.hosts.map((host) => (ids.includes(host.id) ? { ...host, state: 'stopping' } : host));
    return { stopped: ids, failed: [], kept: [] };
  }

  async dryRunUp() {
    return { lines: [], requests: [] };
  }

  async dryRunDown() {
    return { lines: [], requests: [] };
  }

  async cleanUp(): Promise<HostRemark[]> {
    this.calls.push('clean up');
    return [];
  }

  close(): void {
    this.calls.push('close');
  }
}
