import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Scene } from '../../e2e/support/scene.ts';
import { Program } from './program.ts';

const run = promisify(execFile);

/** Reserved for tests of networks (RFC 2544), and used inside the namespaces only. */
const RANGE = '198.18';

export interface NetworkHost {
  name: string;
  address: string;
  /** The router's address on the host's link. */
  gateway: string;
  /** The command, to be run as if on that host. */
  on: (...command: string[]) => string[];
}

type Fault = 'cut' | 'silent' | 'hears-nothing' | 'is-not-heard';

/**
 * Hosts that reach each other through one router, each of them, and the router, in a network namespace of
 * its own. A namespace lives as long as a process is in it, so that nothing is left behind, whatever becomes
 * of the test; this machine's own network is not touched.
 */
export class TestNetwork {
  readonly hosts: ReadonlyMap<string, NetworkHost>;
  /** The router itself, where a relay may stand. */
  readonly onRouter: (...command: string[]) => string[];
  readonly #links: ReadonlyMap<string, string>;

  private constructor(hosts: NetworkHost[], onRouter: (...command: string[]) => string[]) {
    this.hosts = new Map(hosts.map((host) => [host.name, host]));
    this.#links = new Map(hosts.map(({ name }, index) => [name, linkOf(index)]));
    this.onRouter = onRouter;
  }

  /** @throws Error that says what is needed, where namespaces are not permitted */
  static async create(scene: Scene, names: readonly string[]): Promise<TestNetwork> {
    const router = await enterNew(scene);
    const inRouter = inside(router);
    await execute(inRouter('sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward'));
    await execute(inRouter('ip', 'link', 'set', 'lo', 'up'));
    const hosts: NetworkHost[] = [];
    for (const [index, name] of names.entries()) {
      const pid = await enterNew(scene);
      const host = { name, address: `${RANGE}.${index}.2`, gateway: `${RANGE}.${index}.1`, on: inside(pid) };
      await connect(inRouter, pid, host, linkOf(index));
      hosts.push(host);
    }
    return new TestNetwork(hosts, inRouter);
  }

  host(name: string): NetworkHost {
    const host = this.hosts.get(name);
    if (host === undefined) throw new Error(`There is no host ${name}`);
    return host;
  }

  /**
   * Breaks the link of a host:
   * - `cut`: the cable is pulled, and both ends know;
   * - `silent`: nothing arrives in either direction, and nobody is told;
   * - `hears-nothing`: what is sent to the host is lost, what it sends arrives;
   * - `is-not-heard`: the other way round.
   */
  async break(name: string, fault: Fault): Promise<void> {
    const { address } = this.host(name);
    const link = this.#links.get(name)!;
    if (fault === 'cut') return execute(this.onRouter('ip', 'link', 'set', link, 'down'));
    if (fault !== 'is-not-heard') {
      await execute(this.onRouter('ip', 'route', 'add', 'blackhole', `${address}/32`));
    }
    if (fault !== 'hears-nothing') {
      await execute(this.onRouter('ip', 'rule', 'add', 'iif', link, 'blackhole'));
    }
  }

  /** The link is as new, whatever was wrong with it. */
  async heal(name: string): Promise<void> {
    const { address } = this.host(name);
    const link = this.#links.get(name)!;
    await execute(this.onRouter('ip', 'link', 'set', link, 'up'));
    for (const undo of [
      ['ip', 'route', 'del', 'blackhole', `${address}/32`],
      ['ip', 'rule', 'del', 'iif', link, 'blackhole'],
    ]) {
      await execute(this.onRouter(...undo)).catch(() => undefined);
    }
  }
}

function linkOf(index: number): string {
  return `link${index}`;
}

function inside(pid: number): (...command: string[]) => string[] {
  return (...command) => ['nsenter', '-t', String(pid), '-n', ...command];
}

/** Returns the number of a process that keeps a new, empty network namespace open. */
async function enterNew(scene: Scene): Promise<number> {
  const holder = new Program(scene, ['unshare', '-n', 'sh', '-c', 'echo "pid $$"; exec sleep 1500']);
  if (!(await holder.prints(/pid \d+\n/u))) {
    throw new Error(
      `This test connects hosts in network namespaces, and may not here: ${holder.output.trim()}. It needs root ` +
        '(CAP_SYS_ADMIN and CAP_NET_ADMIN), unshare and nsenter (util-linux) and ip (iproute2). ' +
        'REPLAY_NO_NETNS=1 leaves it out on a machine that cannot have that.',
    );
  }
  return Number(/pid (\d+)/u.exec(holder.output)![1]);
}

async function connect(
  inRouter: NetworkHost['on'],
  pid: number,
  { address, gateway, on }: NetworkHost,
  link: string,
): Promise<void> {
  const peer = ['peer', 'name', 'eth0', 'netns', String(pid)];
  await execute(inRouter('ip', 'link', 'add', link, 'type', 'veth', ...peer));
  await execute(inRouter('ip', 'address', 'add', `${gateway}/30`, 'dev', link));
  await execute(inRouter('ip', 'link', 'set', link, 'up'));
  await execute(on('ip', 'link', 'set', 'lo', 'up'));
  await execute(on('ip', 'address', 'add', `${address}/30`, 'dev', 'eth0'));
  await execute(on('ip', 'link', 'set', 'eth0', 'up'));
  await execute(on('ip', 'route', 'add', 'default', 'via', gateway));
}

async function execute([command, ...args]: string[]): Promise<void> {
  await run(command!, args);
}
