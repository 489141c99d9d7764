/** Passed on to nodeos when set; nothing else is. */
const KEPT = ['PATH', 'HOME', 'TMPDIR', 'LD_LIBRARY_PATH'];

/** Settings of the stand-in that is used for rehearsals. */
const STAND_IN_PREFIX = 'REPLAY_STAND_IN_';

/**
 * The environment that nodeos and other tools are started with. Ours may hold credentials, and
 * settings such as LD_PRELOAD or BUN_OPTIONS that act on every program; none of them belongs in a
 * program whose results are to be compared between hosts.
 */
export function cleanEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const clean: NodeJS.ProcessEnv = { LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', TZ: 'UTC' };
  for (const [name, value] of Object.entries(env)) {
    if (KEPT.includes(name) || name.startsWith(STAND_IN_PREFIX)) clean[name] = value;
  }
  return clean;
}
