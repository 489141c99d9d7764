import type { LogPart } from '../domain/log-tail.ts';
import { parseEvidence } from './attempt-evidence.ts';
import type { AttemptEvidence } from './attempt-evidence.ts';
import { OrchestratorError } from './client-error.ts';
import { errorOfAnswer } from './client-answer.ts';
import { exchange } from './client-http.ts';
import type { Fetch, HttpAnswer } from './client-http.ts';
import { textOfLines, type LogPartAnswer } from './log-text.ts';
import { readEvents, type ReceivedEvent } from './events/read-events.ts';
import { FULL_RECORD_TYPE, WORKER_HEADER } from './full-record.ts';
import type { FullJobRecord, JobUpdate } from './full-record.ts';
import type { BeginRunRequest, BegunRunRecord, ManifestCheckRecord, PauseAnswer } from './control-record.ts';
import type { HostRecord } from './host-record.ts';
import type { JoinAnswer, JoinRecord } from './join-record.ts';
import type { HostReportRecord } from './host-report.ts';
import type { JoinTokenAnswer } from './join-record.ts';
import type { RunRecord } from './run-record.ts';
import type { SelfCheckRecord } from './self-check-record.ts';
import type { SummaryRecord } from './summary-record.ts';

export interface ClientOptions {
  /** As parseOrchestrator gives it. */
  baseUrl: string;
  /** Sent as X-Replay-Worker. */
  workerId?: string | undefined;
  /** Sent as a bearer token. */
  token?: string | undefined;
  fetch?: Fetch;
  /** Milliseconds for one exchange; default 10 s, and 60 s for the list of all jobs. */
  timeoutMs?: number;
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
  timeoutMs?: number | undefined;
}

export interface RunOptions extends CallOptions {
  /** Number of the run; null: the current one. */
  run?: number | null;
}

/** A job as read, with the version that has to be named to change it. */
export interface VersionedJob {
  job: FullJobRecord;
  etag: string;
}

export interface StartHash {
  /** The block at which the snapshot was taken: the slice that *ends* there must arrive at the hash. */
  block: number;
  hash: string;
  versionField: 'leap_version' | 'spring_version';
  version: string;
}

const SMALL = 1024 * 1024;
/** 100,000 full records with a long history each. */
const LARGE = 512 * 1024 * 1024;

/**
 * The orchestrator's protocol (PROTOCOL sections 3 and 4) as calls. Each call is one exchange and
 * fails with an OrchestratorError whose kind says what to do; nothing is sent twice in here.
 */
export class OrchestratorClient {
  readonly baseUrl: string;
  readonly #headers: Record<string, string>;
  readonly #fetch: Fetch;
  readonly #timeoutMs: number | undefined;

  constructor(options: ClientOptions) {
    this.baseUrl = options.baseUrl;
    this.#fetch = options.fetch ?? ((url, init) => fetch(url, init));
    this.#timeoutMs = options.timeoutMs;
    this.#headers = {
      ...(options.workerId === undefined ? {} : { [WORKER_HEADER]: options.workerId }),
      ...(options.token === undefined ? {} : { Authorization: `Bearer ${options.token}` }),
    };
  }

  /** The next job that waits, reserved for this worker for a few seconds; null when none does. */
  async nextJob(options: CallOptions = {}): Promise<VersionedJob | null> {
    const answer = await this.#get('/job?nextjob', FULL_RECORD_TYPE, options);
    return answer.status === 404 ? null : this.#versioned(answer);
  }

  /** The job as it is now; null when there is no such job. */
  async getJob(jobId: number, options: CallOptions = {}): Promise<VersionedJob | null> {
    const answer = await this.#get(`/job?jobid=${jobId}`, FULL_RECORD_TYPE, options);
    return answer.status === 404 ? null : this.#versioned(answer);
  }

  /** Changes the job if it is still the version that is named. Returns its new version. */
  async update(jobId: number, etag: string, update: JobUpdate, options: CallOptions = {}): Promise<string> {
    const body = JSON.stringify(update);
    const answer = await this.#post(`/job?jobid=${jobId}`, body, { 'If-Match': etag }, options);
    if (answer.status !== 200) throw errorOfAnswer(answer);
    return etagOf(answer);
  }

  /** Reports what the snapshot at a block gave. False when no slice ends there. */
  async postStartHash(start: StartHash, options: CallOptions = {}): Promise<boolean> {
    const body = JSON.stringify({
      end_block_num: start.block,
      integrity_hash: start.hash,
      [start.versionField]: start.version,
    });
    const answer = await this.#post('/config', body, {}, options);
    if (answer.status === 404) return false;
    if (answer.status !== 200) throw errorOfAnswer(answer);
    return true;
  }

  /** Leaves the last log lines of one of this worker's attempts with the orchestrator. */
  async postLog(
    { jobId, attempt }: { jobId: number; attempt: number },
    lines: readonly string[],
    options: CallOptions = {},
  ): Promise<void> {
    const headers = { 'Content-Type': 'text/plain; charset=utf-8' };
    const path = `/job/log?jobid=${jobId}&attempt=${attempt}`;
    const answer = await this.#post(path, lines.join('\n'), headers, options);
    if (answer.status < 200 || answer.status > 299) throw errorOfAnswer(answer);
  }

  /**
   * Sends a part of the log of this worker's attempt at work.
   * @param last the attempt is about to end: what there is of its log is to be kept
   * @returns null from an older orchestrator, which has taken the part for the whole log
   */
  async postLogPart(
    { jobId, attempt }: { jobId: number; attempt: number },
    { from, skipped, lines }: LogPart,
    last: boolean,
    options: CallOptions = {},
  ): Promise<LogPartAnswer | null> {
    const headers = { 'Content-Type': 'text/plain; charset=utf-8' };
    const query = `jobid=${jobId}&attempt=${attempt}&from=${from}&skipped=${skipped}${last ? '&last' : ''}`;
    const answer = await this.#post(`/job/log?${query}`, textOfLines(lines), headers, options);
    const said = this.#json(answer);
    if (!isObject(said)) throw notOurs('one to a log', answer);
    return typeof said['next'] === 'number' ? (said as unknown as LogPartAnswer) : null;
  }

  /** The last log lines of an attempt, as its worker sent them; null when there are none. */
  async jobLog(
    { jobId, attempt, run = null }: { jobId: number; attempt: number; run?: number | null },
    options: CallOptions = {},
  ): Promise<string | null> {
    const ofRun = run === null ? '' : `&run=${run}`;
    const path = `/job/log?jobid=${jobId}&attempt=${attempt}${ofRun}`;
    const answer = await this.#get(path, 'text/plain', options);
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw errorOfAnswer(answer);
    return answer.body;
  }

  /** Leaves with the orchestrator what is needed to repeat one of this worker's attempts. */
  async postEvidence(
    { jobId, attempt }: { jobId: number; attempt: number },
    evidence: AttemptEvidence,
    options: CallOptions = {},
  ): Promise<void> {
    const path = `/job/evidence?jobid=${jobId}&attempt=${attempt}`;
    const answer = await this.#post(path, JSON.stringify(evidence), {}, options);
    if (answer.status < 200 || answer.status > 299) throw errorOfAnswer(answer);
  }

  /** What an attempt's worker told of it; null when it told nothing, or the orchestrator keeps no such thing. */
  async jobEvidence(
    { jobId, attempt }: { jobId: number; attempt: number },
    options: CallOptions = {},
  ): Promise<AttemptEvidence | null> {
    const path = `/job/evidence?jobid=${jobId}&attempt=${attempt}`;
    const answer = await this.#get(path, 'application/json', options);
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw errorOfAnswer(answer);
    try {
      return parseEvidence(answer.body);
    } catch (error) {
      throw new OrchestratorError('bad-answer', 'its answer is not JSON', { status: 200, cause: error });
    }
  }

  /** Exchanges the join token of this client for a token of the host's own. */
  async join(record: JoinRecord, options: CallOptions = {}): Promise<JoinAnswer> {
    // A hundred hosts may join at once, and each is written down.
    const patient = { ...options, timeoutMs: options.timeoutMs ?? 30_000 };
    const answer = await this.#post('/join', JSON.stringify(record), { Accept: 'application/json' }, patient);
    const said = this.#json(answer);
    if (!isObject(said) || (said['token'] !== null && typeof said['token'] !== 'string')) {
      throw notOurs('one to a host that joins', answer);
    }
    return said as unknown as JoinAnswer;
  }

  /** Says what this host found out about itself after it was set aside. */
  async postSelfCheck(check: SelfCheckRecord, options: CallOptions = {}): Promise<void> {
    const answer = await this.#post('/host/selfcheck', JSON.stringify(check), {}, options);
    if (answer.status < 200 || answer.status > 299) throw errorOfAnswer(answer);
  }

  /** Says what this host is and how it is. */
  async postHostReport(report: HostReportRecord, options: CallOptions = {}): Promise<void> {
    const answer = await this.#post('/host/report', JSON.stringify(report), {}, options);
    if (answer.status < 200 || answer.status > 299) throw errorOfAnswer(answer);
  }

  /** What time it is at the orchestrator, to the second; null when its answer does not say (`Date`). */
  async time(options: CallOptions = {}): Promise<Date | null> {
    const answer = await this.#get('/healthcheck', 'text/plain', options);
    const time = Date.parse(answer.headers.get('date') ?? '');
    return Number.isNaN(time) ? null : new Date(time);
  }

  /** All jobs of a run in the manifest's order. An orchestrator that keeps no runs gives the current one. */
  async status(options: RunOptions = {}): Promise<FullJobRecord[]> {
    const { run = null, ...rest } = options;
    const answer = await this.#get(ofRun('/status', run), FULL_RECORD_TYPE, this.#patient(rest));
    const records = this.#json(answer);
    if (!Array.isArray(records) || !records.every(isJobRecord)) throw notOurs('a list of jobs', answer);
    return records;
  }

  /** The hosts that were heard from; null: the orchestrator is an older one, and does not tell. */
  async hosts(options: CallOptions = {}): Promise<HostRecord[] | null> {
    const answer = await this.#get('/hosts', 'application/json', options);
    if (answer.status === 404) return null;
    const records = this.#json(answer);
    if (!Array.isArray(records) || !records.every(isHostRecord)) throw notOurs('a list of hosts', answer);
    return records;
  }

  /** @throws OrchestratorError `bad-answer` also when it is about another run than was asked for */
  async summary(options: RunOptions = {}): Promise<SummaryRecord> {
    const { run = null, ...rest } = options;
    const patience = run === null ? rest : this.#patient(rest);
    const answer = await this.#get(ofRun('/summary', run), 'application/json', patience);
    const summary = this.#json(answer);
    if (!isSummary(summary)) throw notOurs('a summary', answer);
    if (run !== null && summary.run_id !== run) {
      const message = `it tells of run ${summary.run_id} in the place of run ${run}: it is older than its keeping of past runs`;
      throw new OrchestratorError('bad-answer', message, { status: answer.status });
    }
    return summary;
  }

  /**
   * The events of one connection to an event stream such as /events, until it ends (events/read-events.ts).
   * @param lastId where to go on; null: at the present
   */
  events(path: string, lastId: string | null, signal: AbortSignal): AsyncIterable<ReceivedEvent> {
    return readEvents(this.#fetch, { url: this.baseUrl + path, headers: this.#headers, lastId, signal });
  }

  /** The runs that the orchestrator keeps, oldest first. */
  async runs(options: CallOptions = {}): Promise<RunRecord[]> {
    const answer = await this.#get('/runs', 'application/json', this.#patient(options));
    const runs = this.#json(answer);
    if (!Array.isArray(runs) || !runs.every(isRun)) throw notOurs('a list of runs', answer);
    return runs;
  }

  /** Stops the handing out of jobs, or begins it again (`reason` is for people). */
  async pauseRun(reason: string | null, options: CallOptions = {}): Promise<PauseAnswer> {
    return this.#pauseAnswer(await this.#post('/run/pause', JSON.stringify({ reason }), {}, options));
  }

  async resumeRun(options: CallOptions = {}): Promise<PauseAnswer> {
    return this.#pauseAnswer(await this.#post('/run/resume', '', {}, options));
  }

  /** What is wrong with a manifest, or what would become of a run with it. */
  async checkManifest(
    { manifest, manifest_folder, nodeos_version, nodeos_options }: Omit<BeginRunRequest, 'current_run_id'>,
    options: CallOptions = {},
  ): Promise<ManifestCheckRecord> {
    const query = new URLSearchParams();
    if (manifest === null) query.set('current', '');
    if (manifest_folder) query.set('folder', manifest_folder);
    if (nodeos_version) query.set('nodeos_version', nodeos_version);
    for (const option of nodeos_options ?? []) query.append('nodeos_option', option);
    const path = `/manifest/check?${query.toString()}`;
    const answer = await this.#post(path, manifest ?? '', {}, this.#patient(options));
    const said = this.#json(answer);
    if (!isObject(said) || typeof said['valid'] !== 'boolean') throw notOurs('a check of a manifest', answer);
    return said as unknown as ManifestCheckRecord;
  }

  /** Begins another run. The same request may be sent again when its answer was lost. */
  async beginRun(request: BeginRunRequest, options: CallOptions = {}): Promise<BegunRunRecord> {
    const answer = await this.#post('/run', JSON.stringify(request), {}, this.#patient(options));
    const said = this.#json(answer);
    if (!isObject(said) || !Number.isSafeInteger(said['run_id'])) throw notOurs('a run', answer);
    return said as unknown as BegunRunRecord;
  }

  #pauseAnswer(answer: HttpAnswer): PauseAnswer {
    const said = this.#json(answer);
    if (!isObject(said) || !Number.isSafeInteger(said['run_id'])) throw notOurs('one to a pause', answer);
    return said as unknown as PauseAnswer;
  }

  /** Long lists, and past runs, which have to be read first, take their time. */
  #patient(options: CallOptions): CallOptions {
    return { ...options, timeoutMs: options.timeoutMs ?? this.#timeoutMs ?? 60_000 };
  }

  /** Makes a token that so many hosts can exchange for tokens of their own; null in it: none is needed. */
  async makeJoinToken(
    wanted: { uses: number; valid_seconds: number; worker_valid_seconds: number; name: string },
    options: CallOptions = {},
  ): Promise<JoinTokenAnswer> {
    const answer = await this.#post('/tokens/join', JSON.stringify(wanted), {}, options);
    const made = this.#json(answer);
    if (!isObject(made) || !('token' in made)) throw notOurs('a token', answer);
    return made as unknown as JoinTokenAnswer;
  }

  /** SHA-256 of the program that the orchestrator hands out; null: it hands out none. */
  async programSha256(options: CallOptions = {}): Promise<string | null> {
    // The first question makes it read its file.
    const answer = await this.#get('/replay', '*/*', { timeoutMs: 30_000, ...options }, 'HEAD');
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw errorOfAnswer(answer);
    return /^"([0-9a-f]{64})"$/.exec(answer.headers.get('etag') ?? '')?.[1] ?? null;
  }

  /** Resolves when the orchestrator answers at all. */
  async health(options: CallOptions = {}): Promise<void> {
    const answer = await this.#get('/healthcheck', 'text/plain', options);
    if (answer.status !== 200) throw errorOfAnswer(answer);
  }

  #get(
    path: string,
    accept: string,
    options: CallOptions,
    method: 'GET' | 'HEAD' = 'GET',
  ): Promise<HttpAnswer> {
    return exchange(this.#fetch, {
      method,
      url: this.baseUrl + path,
      headers: { ...this.#headers, Accept: accept },
      timeoutMs: options.timeoutMs ?? this.#timeoutMs ?? 10_000,
      maxBytes: path.startsWith('/status') ? LARGE : 64 * SMALL,
      signal: options.signal,
    });
  }

  #post(
    path: string,
    body: string,
    headers: Record<string, string>,
    options: CallOptions,
  ): Promise<HttpAnswer> {
    return exchange(this.#fetch, {
      method: 'POST',
      url: this.baseUrl + path,
      headers: { 'Content-Type': 'application/json', ...this.#headers, ...headers },
      body,
      timeoutMs: options.timeoutMs ?? this.#timeoutMs ?? 10_000,
      maxBytes: SMALL,
      signal: options.signal,
    });
  }

  #versioned(answer: HttpAnswer): VersionedJob {
    const job = this.#json(answer);
    if (!isJobRecord(job)) throw notOurs('a job', answer);
    return { job, etag: etagOf(answer) };
  }

  #json(answer: HttpAnswer): unknown {
    if (answer.status !== 200) throw errorOfAnswer(answer);
    try {
      return JSON.parse(answer.body);
    } catch (error) {
      throw new OrchestratorError('bad-answer', 'its answer is not JSON', { status: 200, cause: error });
    }
  }
}

function etagOf(answer: HttpAnswer): string {
  const etag = answer.headers.get('etag');
  if (etag === null || etag === '') throw notOurs('the version of the job (ETag)', answer);
  return etag;
}

/** Enough to tell our protocol from something else; the two sides are the same program. */
function isJobRecord(value: unknown): value is FullJobRecord {
  return (
    isObject(value) &&
    Number.isSafeInteger(value['job_id']) &&
    typeof value['status'] === 'string' &&
    Number.isSafeInteger(value['start_block_num']) &&
    Number.isSafeInteger(value['end_block_num']) &&
    typeof value['attempt'] === 'number'
  );
}

function isHostRecord(value: unknown): value is HostRecord {
  return (
    isObject(value) &&
    typeof value['worker_id'] === 'string' &&
    typeof value['seconds_since_heard'] === 'number' &&
    Array.isArray(value['attempts'])
  );
}

function ofRun(path: string, run: number | null): string {
  return run === null ? path : `${path}?run=${run}`;
}

function isRun(value: unknown): value is RunRecord {
  return isObject(value) && Number.isSafeInteger(value['run_id']) && Array.isArray(value['damage']);
}

function isSummary(value: unknown): value is SummaryRecord {
  return isObject(value) && typeof value['total_jobs'] === 'number' && isObject(value['statuses']);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function notOurs(what: string, answer: HttpAnswer): OrchestratorError {
  return new OrchestratorError('bad-answer', `its answer is not ${what} as this version of replay knows it`, {
    status: answer.status,
  });
}
