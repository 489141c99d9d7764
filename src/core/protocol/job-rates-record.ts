/** GET /job/rates: how fast the last attempt at a job was that told it, in columns of one length. */
export interface JobRatesRecord {
  job_id: number;
  /** null: no attempt has told any since then. */
  attempt: number | null;
  /** UTC. What was before is not kept: the orchestrator was started, or began with this run. */
  since: string;
  /** Seconds since 1970, increasing. */
  times: number[];
  blocks_per_second: number[];
}
