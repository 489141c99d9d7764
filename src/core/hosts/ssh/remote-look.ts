/** What is written down on a machine that has a worker of a fleet. */
export interface RemoteNote {
  readonly fleet: string;
  readonly launchToken: string;
  readonly run: string | null;
  readonly workerId: string;
  readonly pricePerHour: number | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** How a machine is found. */
export interface RemoteLook {
  /** null: nothing of the fleet is there. */
  readonly note: RemoteNote | null;
  /** Of the unit, as `systemctl is-active` says it. */
  readonly state: string;
  /** Of the program that is there; null: none. */
  readonly sha256: string | null;
}

/** Reads what lookScript prints. A note that cannot be read is one all the same: something is there. */
export function parseLook(output: string): RemoteLook {
  const value = (name: string): string | null =>
    new RegExp(`^${name} (\\S+)$`, 'm').exec(output)?.[1] ?? null;
  const note = value('note');
  return {
    note: note === null ? null : parseNote(note),
    state: value('state') ?? 'unknown',
    sha256: value('sha256'),
  };
}

function parseNote(base64: string): RemoteNote {
  const none: RemoteNote = { fleet: '', launchToken: '', run: null, workerId: '', pricePerHour: null, at: 0 };
  try {
    return { ...none, ...(JSON.parse(Buffer.from(base64, 'base64').toString()) as Partial<RemoteNote>) };
  } catch {
    return none;
  }
}
