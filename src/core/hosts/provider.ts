/**
 * Where replay hosts come from. Three kinds of places answer to the same calls: EC2, machines reached by
 * ssh, and this machine. Glossary:
 *
 * fleet     all hosts that were started under one name; the name is what finds them again, from whatever
 *           terminal, also when the orchestrator's disk is lost
 * launch    one request for hosts, with a token of its own that makes it safe to send twice
 * shortfall hosts that were asked for and could not be had, with the place's reason
 */

export const PROVIDER_NAMES = ['ec2', 'ssh', 'local'] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/**
 * `stopped` hosts could be started again, and their disks are paid for. `ended` ones are told for as long as the
 * place knows them; they cost nothing any more.
 */
export type HostState = 'starting' | 'running' | 'stopping' | 'stopped' | 'ended';

export type Purchase = 'on-demand' | 'spot';

/** One host of a fleet, as its place tells it. */
export interface ProvidedHost {
  /** In its place: `i-0abc…`, `user@machine#1`, `local#3`. What `hosts down ID` takes. */
  readonly id: string;
  readonly state: HostState;
  /** Milliseconds since 1970; null: the place does not tell. */
  readonly launchedAt: number | null;
  readonly endedAt: number | null;
  /** Of machine: `c7a.4xlarge`; null where there are no types. */
  readonly type: string | null;
  readonly zone: string | null;
  /** null: nobody is paid for it. */
  readonly purchase: Purchase | null;
  /** US dollars; null: not known. */
  readonly pricePerHour: number | null;
  /** Under which a person reaches it; null: none (yet). */
  readonly address: string | null;
  /** Of the run it was started for; null: not told. */
  readonly run: string | null;
  /** Address of the orchestrator that it was started for (orchestrator-address.ts); null: not told. */
  readonly orchestrator: string | null;
  /**
   * The name under which its worker speaks to the orchestrator. null: the place does not know it, and the
   * host is found there by its id, as `instance_id`.
   */
  readonly workerId: string | null;
  /** Why it ended, in the words of its place. */
  readonly reason: string | null;
}

/** What the hosts have to know to take part: made into user data, a unit, or a process's arguments. */
export interface JoinRequest {
  /** URL of the orchestrator as the hosts reach it. */
  readonly orchestrator: string;
  /** A join token, or another with the right "work"; null: the orchestrator asks for none. Secret. */
  readonly token: string | null;
  /** Dollars an hour by type and purchase, of which each host looks up its own. */
  readonly prices: readonly PricePoint[];
  /** Of the program that the orchestrator hands out; null: hosts do not fetch it there. */
  readonly sha256: string | null;
  readonly work: WorkPlan;
}

/** How a host works, and when it ends by itself. */
export interface WorkPlan {
  /** Seconds without a job. */
  readonly idleSeconds: number;
  /** Seconds from its start. */
  readonly lifetimeSeconds: number;
  /** Further flags of `replay work`. No secrets. */
  readonly flags: readonly string[];
}

/** What a host costs. */
export interface PricePoint {
  /** null: any. */
  readonly type: string | null;
  /** null: either. */
  readonly purchase: Purchase | null;
  /** Absent: any. */
  readonly zone?: string;
  readonly pricePerHour: number;
}

export interface UpRequest {
  /** Name of the fleet; the tag of all its hosts. */
  readonly fleet: string;
  /** Of the run, as its orchestrator tells it; null: not known. */
  readonly run: string | null;
  /** From 1. */
  readonly count: number;
  /**
   * Names this launch: sent again with the same token it starts nothing a second time. At most 64
   * characters from [A-Za-z0-9-].
   */
  readonly launchToken: string;
  /** Less than so many are of no use, and are ended again by who asks: until then the launch is not over. */
  readonly atLeast?: number;
  /**
   * Hosts with which the count was made. What a launch before it has started, of which nobody knew what became,
   * is part of this one, but for these.
   */
  readonly counted?: readonly string[];
  readonly join: JoinRequest;
}

/** Hosts that could not be had in one zone and of one type. */
export interface Shortfall {
  readonly zone: string | null;
  readonly type: string | null;
  /** Of the place, for programs: `InsufficientInstanceCapacity`. */
  readonly code: string;
  /** In the words of the place. */
  readonly reason: string;
}

export interface UpResult {
  readonly started: readonly ProvidedHost[];
  /** Empty when all of `count` were started. */
  readonly shortfalls: readonly Shortfall[];
}

/** What would be done, without doing it. */
export interface DryRun {
  /** One line for each request that would be made. */
  readonly lines: readonly string[];
  /** The same for programs. */
  readonly requests: readonly object[];
}

export interface DownResult {
  /** They are ending, or had ended already. */
  readonly stopped: readonly string[];
  readonly failed: readonly HostRemark[];
  /** They work no more, and something of worth was left on them: a result that nobody has. */
  readonly kept: readonly HostRemark[];
}

/** @property reason for people */
export interface HostRemark {
  readonly id: string;
  readonly reason: string;
}

export interface DownOptions {
  /** Finished results that have not reached the orchestrator are removed, too. */
  readonly force: boolean;
}

/**
 * Calls fail with a UserError for what a person can mend (credentials, rights, names that do not exist), and
 * try again by themselves what passes. An abort ends a call as soon as what is under way is known.
 */
export interface HostProvider {
  readonly name: ProviderName;

  /**
   * Starts hosts. Nothing is started that `list` does not find afterwards, whatever happens in between:
   * what identifies the launch is written down before the place is asked.
   * @param progress a line for people, as often as there is news
   */
  up(request: UpRequest, progress: (line: string) => void, signal: AbortSignal): Promise<UpResult>;

  /** Asks the place whether it would do it, and tells what would be asked. */
  dryRunUp(request: UpRequest, signal: AbortSignal): Promise<DryRun>;

  /** All hosts of the fleet and nothing else, the oldest first. */
  list(fleet: string, signal: AbortSignal): Promise<ProvidedHost[]>;

  /**
   * Says what became of launches that were interrupted. Absent: launches of this place are never in doubt.
   */
  lookBack?(fleet: string, signal: AbortSignal): Promise<void>;

  /**
   * Hosts of launches of which nobody knows yet what became of them, because a process was killed in between.
   * Absent: launches of this place are never in doubt.
   */
  unsettled?(fleet: string, signal: AbortSignal): Promise<number>;

  /** Ends hosts of the fleet. An id that is not one of the fleet is refused before anything is done. */
  down(fleet: string, ids: readonly string[], signal: AbortSignal, options: DownOptions): Promise<DownResult>;

  dryRunDown(fleet: string, ids: readonly string[], signal: AbortSignal): Promise<DryRun>;

  /**
   * Removes what was made for the fleet as a whole, or left by hosts that have ended by themselves, and is of no
   * use without hosts. Called after the last is down.
   * @returns what was left because it is of worth
   */
  cleanUp(fleet: string, signal: AbortSignal, options: DownOptions): Promise<readonly HostRemark[]>;

  close(): void;
}
