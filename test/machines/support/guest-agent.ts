import { createConnection, type Socket } from 'node:net';
import { until } from '../../e2e/support/until.ts';

/** One question has to be answered in this time, or it is asked anew: the machine may have been started again. */
const ANSWER_MS = 20_000;
const LOOK_EVERY_MS = 100;

export interface GuestResult {
  code: number | null;
  output: string;
}

interface Answer {
  return?: unknown;
  error?: { desc: string };
}

/**
 * Runs commands in a machine, as root, through its QEMU guest agent.
 * @see https://qemu-project.gitlab.io/qemu/interop/qemu-ga-ref.html
 */
export class GuestAgent {
  readonly #path: string;
  readonly #signal: AbortSignal;
  #socket: Socket | null = null;
  #text = '';
  #waiting: ((answer: Answer) => void) | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #syncs = 0;

  /**
   * @param path of its socket
   * @param signal the machine has ended
   */
  constructor(path: string, signal: AbortSignal) {
    this.#path = path;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#socket?.destroy());
  }

  /** Standard output and error of a script of the shell, once the machine is up and it has ended. One at a time. */
  run(script: string): Promise<GuestResult> {
    const result = this.#last.then(() => this.#run(script));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #run(script: string): Promise<GuestResult> {
    await this.#sync();
    const command = { path: '/bin/sh', arg: ['-c', `exec 2>&1\n${script}`], 'capture-output': true };
    const { pid } = (await this.#ask('guest-exec', command)) as { pid: number };
    for (;;) {
      const status = (await this.#ask('guest-exec-status', { pid })) as {
        exited: boolean;
        exitcode?: number;
        'out-data'?: string;
      };
      if (status.exited) {
        const output = Buffer.from(status['out-data'] ?? '', 'base64').toString('utf8');
        return { code: status.exitcode ?? null, output };
      }
      await new Promise((done) => {
        setTimeout(done, LOOK_EVERY_MS);
      });
    }
  }

  /** Until the agent answers, which it does when it has been started. */
  async #sync(): Promise<void> {
    for (;;) {
      this.#signal.throwIfAborted();
      this.#syncs += 1;
      try {
        if ((await this.#ask('guest-sync', { id: this.#syncs })) === this.#syncs) return;
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
      }
    }
  }

  async #ask(execute: string, args: object): Promise<unknown> {
    const socket = await this.#connected();
    const answer = await new Promise<Answer>((done, fail) => {
      const timer = setTimeout(() => end(() => fail(new NoAnswer(execute))), ANSWER_MS);
      const onEnd = (): void => end(() => fail(new Error('the machine has ended')));
      const end = (then: () => void): void => {
        clearTimeout(timer);
        this.#waiting = null;
        this.#signal.removeEventListener('abort', onEnd);
        then();
      };
      this.#signal.addEventListener('abort', onEnd);
      if (this.#signal.aborted) return onEnd();
      this.#waiting = (value) => end(() => done(value));
      socket.write(`${JSON.stringify({ execute, arguments: args })}\n`);
    });
    if (answer.error !== undefined) throw new Error(`${execute}: ${answer.error.desc}`);
    return answer.return;
  }

  async #connected(): Promise<Socket> {
    if (this.#socket !== null) return this.#socket;
    // Which is there once qemu has begun.
    const socket = await until('the socket of the machine', () => {
      this.#signal.throwIfAborted();
      return connected(this.#path);
    });
    socket.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    this.#socket = socket;
    return socket;
  }

  #take(text: string): void {
    this.#text += text;
    for (let end = this.#text.indexOf('\n'); end >= 0; end = this.#text.indexOf('\n')) {
      const line = this.#text.slice(0, end);
      this.#text = this.#text.slice(end + 1);
      const answer = parse(line);
      if (answer !== null) this.#waiting?.(answer);
    }
  }
}

/** null: the end of a line that the machine was reset in the middle of. */
function parse(line: string): Answer | null {
  try {
    return JSON.parse(line) as Answer;
  } catch {
    return null;
  }
}

/** null: not yet. */
function connected(path: string): Promise<Socket | null> {
  return new Promise((done) => {
    const socket = createConnection(path);
    socket.once('connect', () => done(socket)).on('error', () => done(null));
  });
}

class NoAnswer extends Error {
  constructor(what: string) {
    super(`the agent in the machine did not answer ${what}`);
    this.name = 'NoAnswer';
  }
}
