/** Something a server does wrong, on purpose. */
export interface Fault {
  /** Which requests it spoils; GET unless said otherwise. */
  on?: 'GET' | 'HEAD' | 'LIST' | 'ANY';
  /** How many requests in a row it spoils; all of them unless said otherwise. */
  times?: number;
  /** Requests that pass unspoilt first. */
  skip?: number;
  /** Answers with this status and no content. */
  status?: number;
  headers?: Record<string, string>;
  /** Sends so many bytes of the answer's body, then breaks the connection. */
  cutAfter?: number;
  /** Sends so many bytes of the answer's body, then nothing for ever. */
  stallAfter?: number;
  /** Does not even send a header. */
  silent?: boolean;
  /** Sends pieces of so many bytes, a turn of the event loop between each. */
  pieces?: number;
  /** Announces so many bytes more than there are. */
  extraLength?: number;
  /** Inverts the byte at this position of the file. */
  flipAt?: number;
  /** The file has another content and ETag now. */
  content?: Uint8Array;
  /** Says nothing of length, ETag and time, and does no ranges. */
  anonymous?: boolean;
  /** Ignores Range, but has length and ETag. */
  noRanges?: boolean;
}

export type Faults = Record<string, Fault | Fault[]>;

/** What the server was asked, for assertions. */
export interface SeenRequest {
  method: string;
  /** Decoded path (S3: `bucket/key`), without the query. */
  path: string;
  query: string;
  headers: Record<string, string | string[] | undefined>;
}

/** Hands out the fault for each request, counting them. */
export function createFaultPlan(faults: Faults): (path: string, kind: 'GET' | 'HEAD' | 'LIST') => Fault {
  const left = new Map<Fault, { skip: number; times: number }>();
  return (path, kind) => {
    for (const fault of [faults[path] ?? []].flat()) {
      const on = fault.on ?? 'GET';
      if (on !== 'ANY' && on !== kind) continue;
      const counts = left.get(fault) ?? { skip: fault.skip ?? 0, times: fault.times ?? Infinity };
      left.set(fault, counts);
      if (counts.skip > 0) {
        counts.skip -= 1;
      } else if (counts.times > 0) {
        counts.times -= 1;
        return fault;
      }
    }
    return {};
  };
}
