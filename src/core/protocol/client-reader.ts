import { parseEvidence, type AttemptEvidence } from './attempt-evidence.ts';
import { errorOfAnswer } from './client-answer.ts';
import type { CallOptions, Connection } from './client-connection.ts';
import { OrchestratorError } from './client-error.ts';
import { versionedJob, type VersionedJob } from './client-job.ts';
import { recordOf } from './client-record.ts';
import type { ReceivedEvent } from './events/read-events.ts';
import { forecastPath, type ForecastQuery, type ForecastRecord } from './forecast-record.ts';
import { FULL_RECORD_TYPE, type FullJobRecord } from './full-record.ts';
import type { HostRecord } from './host-record.ts';
import type { RunRecord } from './run-record.ts';
import { FLEET_SCHEMAS } from './schemas/fleet.ts';
import { HOST_SCHEMAS } from './schemas/host.ts';
import { JOB_SCHEMAS } from './schemas/job.ts';
import { RUN_SCHEMAS } from './schemas/run.ts';
import { list } from './schemas/schema.ts';
import type { SummaryRecord } from './summary-record.ts';

export interface RunOptions extends CallOptions {
  /** Number of the run; null: the current one. */
  run?: number | null;
}

/** One attempt at a job of a run; without a run, of the current one. */
interface AttemptName {
  jobId: number;
  attempt: number;
  run?: number | null;
}

export type ReaderCalls = ReturnType<typeof readerCalls>;

const JSON_TYPE = 'application/json';
const JOBS = list(JOB_SCHEMAS.FullJob);
const HOSTS = list(HOST_SCHEMAS.Host);
const RUNS = list(RUN_SCHEMAS.Run);

/** 100,000 full records with a long history each. */
const MOST_JOBS = 512 * 1024 * 1024;

/** What may be asked by whoever may read. */
export function readerCalls(connection: Connection) {
  return {
    /** Resolves when the orchestrator answers at all. */
    async health(options: CallOptions = {}): Promise<void> {
      const answer = await connection.get('/healthcheck', 'text/plain', options);
      if (answer.status !== 200) throw errorOfAnswer(answer);
    },

    /** What time it is at the orchestrator, to the second; null when its answer does not say (`Date`). */
    async time(options: CallOptions = {}): Promise<Date | null> {
      const answer = await connection.get('/healthcheck', 'text/plain', options);
      const time = Date.parse(answer.headers.get('date') ?? '');
      return Number.isNaN(time) ? null : new Date(time);
    },

    /** The job as it is now; null when there is no such job. */
    async getJob(jobId: number, { run = null, ...options }: RunOptions = {}): Promise<VersionedJob | null> {
      const answer = await connection.get(ofRun(`/job?jobid=${jobId}`, run), FULL_RECORD_TYPE, options);
      return answer.status === 404 ? null : versionedJob(answer);
    },

    /** All jobs of a run in the manifest's order. An orchestrator that keeps no runs gives the current one. */
    async status({ run = null, ...options }: RunOptions = {}): Promise<FullJobRecord[]> {
      const path = ofRun('/status', run);
      const answer = await connection.get(path, FULL_RECORD_TYPE, connection.patient(options), MOST_JOBS);
      return recordOf(answer, JOBS, 'a list of jobs');
    },

    /** @throws OrchestratorError `bad-answer` also when it is about another run than was asked for */
    async summary({ run = null, ...options }: RunOptions = {}): Promise<SummaryRecord> {
      const patience = run === null ? options : connection.patient(options);
      const answer = await connection.get(ofRun('/summary', run), JSON_TYPE, patience);
      const summary = recordOf(answer, RUN_SCHEMAS.Summary, 'a summary');
      if (run !== null && summary.run_id !== run) {
        const message = `it tells of run ${summary.run_id} in the place of run ${run}: it is older than its keeping of past runs`;
        throw new OrchestratorError('bad-answer', message, { status: answer.status });
      }
      return summary;
    },

    /** The runs that the orchestrator keeps, oldest first. */
    async runs(options: CallOptions = {}): Promise<RunRecord[]> {
      const answer = await connection.get('/runs', JSON_TYPE, connection.patient(options));
      return recordOf(answer, RUNS, 'a list of runs');
    },

    /** The hosts that were heard from; null: the orchestrator is an older one, and does not tell. */
    async hosts(options: CallOptions = {}): Promise<HostRecord[] | null> {
      const answer = await connection.get('/hosts', JSON_TYPE, options);
      return answer.status === 404 ? null : recordOf(answer, HOSTS, 'a list of hosts');
    },

    /** What more hosts would do for the run; null: too little is known yet, or the orchestrator is an older one. */
    async forecast(query: ForecastQuery, options: CallOptions = {}): Promise<ForecastRecord | null> {
      const answer = await connection.get(forecastPath(query), JSON_TYPE, options);
      return answer.status === 404 ? null : recordOf(answer, FLEET_SCHEMAS.Forecast, 'a forecast');
    },

    /** The last log lines of an attempt, as its worker sent them; null when there are none. */
    async jobLog(
      { jobId, attempt, run = null }: AttemptName,
      options: CallOptions = {},
    ): Promise<string | null> {
      const path = ofRun(`/job/log?jobid=${jobId}&attempt=${attempt}`, run);
      const answer = await connection.get(path, 'text/plain', options);
      if (answer.status === 404) return null;
      if (answer.status !== 200) throw errorOfAnswer(answer);
      return answer.body;
    },

    /** What an attempt's worker told of it; null when it told nothing, or the orchestrator keeps no such thing. */
    async jobEvidence(
      { jobId, attempt, run = null }: AttemptName,
      options: CallOptions = {},
    ): Promise<AttemptEvidence | null> {
      const path = ofRun(`/job/evidence?jobid=${jobId}&attempt=${attempt}`, run);
      const answer = await connection.get(path, JSON_TYPE, options);
      if (answer.status === 404) return null;
      if (answer.status !== 200) throw errorOfAnswer(answer);
      try {
        return parseEvidence(answer.body);
      } catch (error) {
        throw new OrchestratorError('bad-answer', 'its answer is not JSON', { status: 200, cause: error });
      }
    },

    /**
     * The events of one connection to an event stream such as /events, until it ends (events/read-events.ts).
     * @param lastId where to go on; null: at the present
     */
    events(path: string, lastId: string | null, signal: AbortSignal): AsyncIterable<ReceivedEvent> {
      return connection.events(path, lastId, signal);
    },

    /** SHA-256 of the program that the orchestrator hands out; null: it hands out none. */
    async programSha256(options: CallOptions = {}): Promise<string | null> {
      // The first question makes it read its file.
      const answer = await connection.head('/replay', { timeoutMs: 30_000, ...options });
      if (answer.status === 404) return null;
      if (answer.status !== 200) throw errorOfAnswer(answer);
      return /^"([0-9a-f]{64})"$/u.exec(answer.headers.get('etag') ?? '')?.[1] ?? null;
    },
  };
}

function ofRun(path: string, run: number | null): string {
  if (run === null) return path;
  return `${path}${path.includes('?') ? '&' : '?'}run=${run}`;
}
