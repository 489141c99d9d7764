import type { Context } from '../context.ts';
import type { Route } from '../http/app.ts';
import { textReply } from '../http/reply.ts';
import { getEvidenceArchive } from './evidence-archive.ts';
import { getConfig } from './get-config.ts';
import { getEvents } from './get-events.ts';
import { getMetrics } from './get-metrics.ts';
import { getHistory } from './get-history.ts';
import { getJob } from './get-job.ts';
import { getJobs } from './get-jobs.ts';
import { getProgram } from './get-program.ts';
import { getRuns } from './get-runs.ts';
import { getOpenApi } from './get-openapi.ts';
import { getSession } from './get-session.ts';
import { getStatus } from './get-status.ts';
import { getSummary } from './get-summary.ts';
import { getHosts } from './get-hosts.ts';
import { postHostClear, postSelfCheck } from './host.ts';
import { postHostReport } from './host-report.ts';
import { getJobEvidence, postJobEvidence } from './job-evidence.ts';
import { getJobLog, postJobLog } from './job-log.ts';
import { orPage } from './or-page.ts';
import { postPause, postResume } from './pause.ts';
import { postConfig } from './post-config.ts';
import { postJob } from './post-job.ts';

/** All paths of the orchestrator. */
export function routesOf(context: Context): Route[] {
  return [
    {
      path: '/job',
      GET: async (request) => getJob(request, context),
      POST: async (request) => postJob(request, context),
    },
    { path: '/status', GET: async (request) => getStatus(request, context) },
    {
      path: '/config',
      GET: async (request) => getConfig(request, context),
      POST: async (request) => postConfig(request, context),
    },
    { path: '/jobs', added: true, GET: orPage((request) => getJobs(request, context)) },
    { path: '/session', added: true, GET: async (request) => getSession(request, context) },
    { path: '/summary', GET: async (request) => getSummary(request, context) },
    { path: '/events', added: true, GET: async (request) => getEvents(request, context) },
    { path: '/runs', added: true, GET: orPage(() => getRuns(context)) },
    { path: '/run/pause', added: true, POST: async (request) => postPause(request, context) },
    { path: '/run/resume', added: true, POST: async (request) => postResume(request, context) },
    { path: '/history', added: true, GET: async (request) => getHistory(request, context) },
    { path: '/metrics', added: true, GET: async () => getMetrics(context) },
    { path: '/replay', added: true, GET: async (request) => getProgram(request, context) },
    { path: '/openapi.json', added: true, GET: async (request) => getOpenApi(request, context.version) },
    { path: '/healthcheck', GET: async () => textReply(200, 'OK') },
    {
      path: '/job/log',
      added: true,
      GET: async (request) => getJobLog(request, context),
      POST: async (request) => postJobLog(request, context),
    },
    {
      path: '/job/evidence',
      added: true,
      GET: async (request) => getJobEvidence(request, context),
      POST: async (request) => postJobEvidence(request, context),
    },
    {
      path: '/job/evidence.tar.zst',
      added: true,
      GET: async (request) => getEvidenceArchive(request, context),
    },
    { path: '/host/selfcheck', added: true, POST: async (request) => postSelfCheck(request, context) },
    { path: '/hosts', added: true, GET: orPage((request) => getHosts(request, context)) },
    { path: '/host/report', added: true, POST: async (request) => postHostReport(request, context) },
    { path: '/host/clear', added: true, POST: async (request) => postHostClear(request, context) },
  ];
}
