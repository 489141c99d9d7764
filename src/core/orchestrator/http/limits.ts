/** What one caller may take of the server's time and memory. */
export interface Limits {
  /** Connections in all. */
  connections: number;
  /** Connections from one address; many hosts may share it. */
  connectionsPerAddress: number;
  /** Bytes of a request's line and headers together. */
  headerBytes: number;
  /** Milliseconds for sending them. */
  headersMs: number;
  /** Milliseconds for sending the whole request. */
  requestMs: number;
  /** Milliseconds for reading the answer; our own client gives up after 60 s. */
  answerMs: number;
  /** Addresses without a limit of their own: proxies, which come for many. */
  exempt: readonly string[];
}

export const DEFAULT_LIMITS: Limits = {
  connections: 10_000,
  connectionsPerAddress: 2_000,
  headerBytes: 16 * 1024,
  headersMs: 15_000,
  requestMs: 60_000,
  answerMs: 120_000,
  exempt: [],
};
