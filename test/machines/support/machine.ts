import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { GuestAgent, type GuestResult } from './guest-agent.ts';
import { debianImage } from './image/debian-image.ts';
import { type MachineSpec, qemuWords } from './qemu-words.ts';

export type MachineOptions = Omit<MachineSpec, 'image'>;

/** How long a machine that is asked to switch itself off may take before that is done to it: as EC2 does. */
const GRACE_MS = 120_000;

/** What of the console is told when a test fails. */
const TOLD_LINES = 60;

/** A virtual machine that boots Debian. It starts from a fresh disk, and ends with the process that started it. */
export class Machine {
  readonly folder: string;
  /** Resolves when it is off. */
  readonly ended: Promise<void>;
  readonly #qemu: ChildProcess;
  readonly #agent: GuestAgent;
  #said = '';
  #story: string | null = null;

  private constructor(folder: string, qemu: ChildProcess) {
    const off = new AbortController();
    this.folder = folder;
    this.#qemu = qemu;
    this.#agent = new GuestAgent(join(folder, 'agent'), off.signal);
    qemu.stderr!.setEncoding('utf8').on('data', (text: string) => (this.#said += text));
    this.ended = new Promise((done, fail) => {
      qemu.once('error', fail).once('close', () => {
        this.#story = this.story();
        off.abort(new Error(`the machine has ended: ${this.#said.trim()}`));
        done();
      });
    });
  }

  /** @param options folder is made */
  static async start(options: MachineOptions): Promise<Machine> {
    await mkdir(options.folder, { recursive: true });
    await writeFile(join(options.folder, 'console.log'), '');
    const words = qemuWords({ ...options, image: await debianImage() });
    // It does not outlive its test, also when that is killed, and lets the other tests go first: it has more time.
    const under = ['-n', '10', 'setpriv', '--pdeathsig', 'KILL', 'qemu-system-x86_64'];
    const qemu = spawn('nice', [...under, ...words], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return new Machine(options.folder, qemu);
  }

  get isOff(): boolean {
    return this.#story !== null;
  }

  /** Runs a script of the shell in it, as root, once it is up. */
  run(script: string): Promise<GuestResult> {
    return this.#agent.run(script);
  }

  /** Standard output and error of a script that has to succeed. */
  async read(script: string): Promise<string> {
    const { code, output } = await this.run(script);
    if (code !== 0) throw new Error(`In the machine, ${script} ended with ${code}:\n${output}`);
    return output;
  }

  /** Starts it again, and waits until it is up. What is asked of it while it goes down gets no answer. */
  async reboot(): Promise<void> {
    const bootOf = (): Promise<string> => this.read('cat /proc/sys/kernel/random/boot_id');
    const before = await bootOf();
    await this.run('systemctl --no-block reboot').catch(() => undefined);
    while ((await bootOf().catch(() => before)) === before) {
      if (this.isOff) throw new Error('The machine has not come up again');
    }
  }

  /** Presses the button of its power, and ends it when it does not listen. */
  async switchOff(): Promise<void> {
    const monitor = createConnection(join(this.folder, 'monitor'));
    monitor.on('error', () => undefined).end('system_powerdown\n');
    const timer = setTimeout(() => this.#qemu.kill('SIGKILL'), GRACE_MS);
    await this.ended;
    clearTimeout(timer);
  }

  /** At once. */
  async kill(): Promise<void> {
    this.#qemu.kill('SIGKILL');
    await this.ended;
  }

  /** The last of what it said, for people; also when it is gone with its folder. */
  story(): string {
    if (this.#story !== null) return this.#story;
    const console = readFileSync(join(this.folder, 'console.log'), 'utf8');
    return [this.#said, ...console.split('\n').slice(-TOLD_LINES)].join('\n');
  }
}
