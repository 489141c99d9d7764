import { expect, test } from 'vitest';
import { defaultsPlaces } from '../../../../src/commands/support/defaults/places.ts';

const SYSTEM = { path: '/etc/replay/config.json', scope: 'system' };

test.each([
  [{ HOME: '/home/ann' }, [{ path: '/home/ann/.config/replay/config.json', scope: 'user' }, SYSTEM]],
  [
    { HOME: '/home/ann', XDG_CONFIG_HOME: '/cfg' },
    [{ path: '/cfg/replay/config.json', scope: 'user' }, SYSTEM],
  ],
  // The specification has relative ones passed over.
  [
    { HOME: '/home/ann', XDG_CONFIG_HOME: 'cfg' },
    [{ path: '/home/ann/.config/replay/config.json', scope: 'user' }, SYSTEM],
  ],
  [{}, [SYSTEM]],
  [{ HOME: '/home/ann', REPLAY_DEFAULTS: '/x/y.json' }, [{ path: '/x/y.json', scope: 'chosen' }]],
  [{ HOME: '', REPLAY_DEFAULTS: '' }, [SYSTEM]],
])('the files with defaults, by %j', (environment, places) => {
  expect(defaultsPlaces(environment)).toEqual(places);
});
