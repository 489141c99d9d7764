import { isAbsolute, join, resolve } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A file that may hold defaults. */
export interface DefaultsPlace {
  path: string;
  /** `chosen` by REPLAY_DEFAULTS; else the user's own, and that of the whole machine. */
  scope: 'chosen' | 'user' | 'system';
}

const SYSTEM_FILE = '/etc/replay/config.json';

/**
 * Where defaults are looked for, what counts most first. The user's folder is that of the XDG base
 * directory specification, which says that a relative one is to be passed over.
 */
export function defaultsPlaces(environment: Environment, systemFile: string = SYSTEM_FILE): DefaultsPlace[] {
  const { REPLAY_DEFAULTS: chosen, XDG_CONFIG_HOME: xdg = '', HOME: home = '' } = environment;
  if (chosen) return [{ path: resolve(chosen), scope: 'chosen' }];
  const folder = isAbsolute(xdg) ? xdg : isAbsolute(home) ? join(home, '.config') : null;
  const user = folder === null ? [] : [{ path: join(folder, 'replay/config.json'), scope: 'user' as const }];
  return [...user, { path: systemFile, scope: 'system' }];
}
