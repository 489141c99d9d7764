/**
 * What a check found. `warning`: work can begin, and something is worth knowing. `skipped`: it was not
 * looked at, and the finding says why.
 */
export const RESULTS = ['ok', 'warning', 'failed', 'skipped'] as const;
export type Result = (typeof RESULTS)[number];

/** The checks, in the order in which they are shown. The names are stable: programs read them. */
export const CHECK_IDS = [
  'system',
  'memory',
  'open-files',
  'file-size',
  'dpkg-deb',
  'zstd',
  'setpriv',
  'data-dir',
  'disk-space',
  'inodes',
  'lock',
  'leftover-nodeos',
  'ports',
  'dns',
  'orchestrator',
  'token',
  'clock',
  'aws-credentials',
  'storage',
  'slice-space',
  'nodeos',
] as const;
export type CheckId = (typeof CHECK_IDS)[number];

/** The figures that a finding rests on, for programs. Sizes are bytes. */
export type Values = Record<string, number | string | boolean | null>;

export interface Finding {
  result: Result;
  /** What was found, in one sentence without its full stop; for `skipped`: why it was not looked at. */
  finding: string;
  /** How to mend it; null when there is nothing to mend. */
  mend: string | null;
  values: Values;
}

export function ok(finding: string, values: Values = {}): Finding {
  return { result: 'ok', finding, mend: null, values };
}

export function warning(finding: string, mend: string, values: Values = {}): Finding {
  return { result: 'warning', finding, mend, values };
}

export function failed(finding: string, mend: string, values: Values = {}): Finding {
  return { result: 'failed', finding, mend, values };
}

export function skipped(why: string): Finding {
  return { result: 'skipped', finding: why, mend: null, values: {} };
}
