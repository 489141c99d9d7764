import { Counter, Histogram, Registry } from 'prom-client';

const METHODS = new Set(['GET', 'HEAD', 'POST']);

/** What is counted while the orchestrator runs, from its start. Everything else is read off when it is asked for. */
export class Meters {
  readonly registry = new Registry();
  readonly #requests = new Counter({
    name: 'replay_http_requests_total',
    help: 'Requests that were answered, by method, path of the interface (* is any other), and status.',
    labelNames: ['method', 'path', 'status'],
    registers: [this.registry],
  });
  readonly #writes = new Histogram({
    name: 'replay_store_write_seconds',
    help: 'How long changes took until they were on disk; requests that come together share one write.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [this.registry],
  });

  /** @param path the route's own: callers must not be able to make up series */
  answered(method: string, path: string, status: number): void {
    this.#requests.inc({ method: METHODS.has(method) ? method : 'other', path, status: String(status) });
  }

  written(seconds: number): void {
    this.#writes.observe(seconds);
  }
}
