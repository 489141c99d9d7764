import type { FleetDesk } from '../../hosts/desk/fleet-desk.ts';
import type { CurrentRun } from '../current-run.ts';
import { systemClock } from '../clock.ts';
import { LaunchTurns } from '../launch-turns.ts';
import type { Route } from '../http/app.ts';
import { textReply } from '../http/reply.ts';
import { postDismiss } from './dismiss.ts';
import { getEvidenceArchive } from './evidence-archive.ts';
import { getFleet, postFleetDown, postFleetUp } from './fleet.ts';
import { getConfig } from './get-config.ts';
import { getEvents } from './get-events.ts';
import { getForecast } from './get-forecast.ts';
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
import { getJobRates } from './job-rates.ts';
import { getJobLog, postJobLog } from './job-log.ts';
import { postJobsRetry } from './jobs-retry.ts';
import { postLaunchTurn } from './launch-turn.ts';
import { orMissingPage, orPage } from './or-page.ts';
import { postPause, postResume } from './pause.ts';
import { postManifestCheck } from './manifest-check.ts';
import { postRun } from './post-run.ts';
import { postConfig } from './post-config.ts';
import { postJob } from './post-job.ts';

/**
 * All paths of the orchestrator. Each request is about the run that is the current one when it comes.
 * @param fleet null: this orchestrator knows none
 */
export function routesOf(run: CurrentRun, fleet: FleetDesk | null = null): Route[] {
  const turns = new LaunchTurns(systemClock());
  return [
    {
      path: '/job',
      GET: orMissingPage('job', (request) => getJob(request, run.context)),
      POST: async (request) => postJob(request, run.context),
    },
    { path: '/status', GET: orMissingPage('status', (request) => getStatus(request, run.context)) },
    {
      path: '/config',
      GET: orMissingPage('config', (request) => getConfig(request, run.context)),
      POST: async (request) => postConfig(request, run.context),
    },
    { path: '/jobs', added: true, GET: orPage((request) => getJobs(request, run.context)) },
    { path: '/jobs/retry', added: true, POST: async (request) => postJobsRetry(request, run.context) },
    {
      path: '/session',
      added: true,
      GET: async (request) => getSession(request, run.context, fleet !== null),
    },
    { path: '/summary', GET: async (request) => getSummary(request, run.context) },
    { path: '/events', added: true, GET: async (request) => getEvents(request, run.context) },
    { path: '/runs', added: true, GET: orPage(() => getRuns(run.context)) },
    { path: '/run', added: true, POST: async (request) => postRun(request, run) },
    { path: '/manifest/check', added: true, POST: async (request) => postManifestCheck(request, run) },
    { path: '/run/pause', added: true, POST: async (request) => postPause(request, run.context) },
    { path: '/run/resume', added: true, POST: async (request) => postResume(request, run.context) },
    { path: '/history', added: true, GET: async (request) => getHistory(request, run.context) },
    { path: '/metrics', added: true, GET: async () => getMetrics(run.context) },
    { path: '/replay', added: true, GET: async (request) => getProgram(request, run.context) },
    { path: '/openapi.json', added: true, GET: async (request) => getOpenApi(request, run.context.version) },
    { path: '/healthcheck', GET: async () => textReply(200, 'OK') },
    {
      path: '/job/log',
      added: true,
      GET: async (request) => getJobLog(request, run.context),
      POST: async (request) => postJobLog(request, run.context),
    },
    { path: '/job/rates', added: true, GET: async (request) => getJobRates(request, run.context) },
    {
      path: '/job/evidence',
      added: true,
      GET: async (request) => getJobEvidence(request, run.context),
      POST: async (request) => postJobEvidence(request, run.context),
    },
    {
      path: '/job/evidence.tar.zst',
      added: true,
      GET: async (request) => getEvidenceArchive(request, run.context),
    },
    { path: '/host/selfcheck', added: true, POST: async (request) => postSelfCheck(request, run.context) },
    { path: '/hosts', added: true, GET: orPage((request) => getHosts(request, run.context)) },
    { path: '/forecast', added: true, GET: async (request) => getForecast(request, run.context) },
    { path: '/hosts/dismiss', added: true, POST: async (request) => postDismiss(request, run.context) },
    { path: '/fleet', added: true, GET: async () => getFleet(fleet) },
    { path: '/fleet/turn', added: true, POST: async (request) => postLaunchTurn(request, turns) },
    { path: '/fleet/up', added: true, POST: async (request) => postFleetUp(request, fleet) },
    { path: '/fleet/down', added: true, POST: async (request) => postFleetDown(request, fleet) },
    { path: '/host/report', added: true, POST: async (request) => postHostReport(request, run.context) },
    { path: '/host/clear', added: true, POST: async (request) => postHostClear(request, run.context) },
  ];
}
