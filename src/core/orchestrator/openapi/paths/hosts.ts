import { done, json, operation, type Paths, query, WORKER } from '../operation.ts';
import { list, ref, STRING } from '../../../protocol/schemas/schema.ts';

/** The machines that do the work. */
export const HOST_PATHS: Paths = {
  '/hosts': {
    get: operation({
      id: 'getHosts',
      tag: 'hosts',
      summary: 'The hosts of the run, always as a list',
      right: 'read',
      added: true,
      parameters: [query('workerid', 'Only this one.', STRING)],
      answers: { 'application/json': list(ref('Host')), 'text/html': STRING },
      errors: { 404: 'no such host was heard from' },
    }),
  },
  '/hosts/dismiss': {
    post: operation({
      id: 'dismissHosts',
      tag: 'hosts',
      summary: 'Gives no more jobs to hosts that hold none and are about to be ended',
      right: 'admin',
      added: true,
      body: { content: json(ref('DismissRequest')) },
      answers: json(ref('DismissAnswer')),
      errors: { 503: 'the orchestrator is stopping, or another run is just being begun' },
    }),
  },
  '/host/report': {
    post: operation({
      id: 'reportHost',
      tag: 'hosts',
      summary: 'What a host says of itself',
      right: 'work',
      added: true,
      parameters: [WORKER],
      body: { content: json(ref('HostReport')) },
      answers: json(done('noted')),
    }),
  },
  '/host/selfcheck': {
    post: operation({
      id: 'reportSelfCheck',
      tag: 'hosts',
      summary:
        'What a host that is set aside has found out about itself; it gets jobs again when all is well',
      right: 'work',
      added: true,
      parameters: [WORKER],
      body: { content: json(ref('SelfCheck')) },
      answers: json(ref('HostAnswer')),
    }),
  },
  '/host/clear': {
    post: operation({
      id: 'clearHost',
      tag: 'hosts',
      summary: 'A person lets a host that is set aside have jobs again',
      right: 'admin',
      added: true,
      parameters: [query('worker', 'The id of the worker.', STRING, true)],
      answers: json(ref('HostAnswer')),
      errors: { 400: 'the parameter worker is missing', 503: 'the change could not be written' },
    }),
  },
};
